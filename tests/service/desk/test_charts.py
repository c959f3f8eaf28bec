"""Pictures show what they are given."""

from service.desk.charts import DEEP, LEFT, TOP, WIDTH, Column, Part, Series, bars, lines


def a_column(*values: float) -> Column:
    parts = [Part(f"kind{n}", value, f"{value}", "/desk/") for n, value in enumerate(values)]
    return Column("day", parts)


def test_bars_stand_upon_each_other_and_fit():
    chart = bars([a_column(30, 10), a_column(0, 50)])
    first, second, third = chart.boxes
    assert round(second.y + second.height - first.y, 6) == 0
    assert round(first.y + first.height, 6) == chart.floor
    assert round(first.height / second.height, 6) == 3
    assert third.height == DEEP
    assert all(box.x >= LEFT and box.x + box.width <= WIDTH for box in chart.boxes)


def test_a_picture_of_nothing_can_be_drawn():
    assert bars([]).boxes == []
    assert bars([a_column(0, 0)]).boxes == []
    assert [tick.text for tick in bars([]).up] == ["0", "5", "10"]


def test_a_line_breaks_where_nothing_is_known():
    series = Series("line", "share", [0.0, 1.0, None, 0.5, 0.5])
    chart = lines("abcde", [series], ticks=[0, 1], say=str, place=float)
    [line] = chart.lines
    assert len(line.paths) == 2
    assert [mark.y for mark in line.marks][:2] == [TOP + DEEP, TOP]


def test_labels_do_not_crowd():
    chart = bars([Column(str(day), ()) for day in range(30)])
    assert len(chart.across) == 10
    assert chart.across[-1].text == "29"
