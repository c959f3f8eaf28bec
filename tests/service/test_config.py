"""Settings from the environment."""

from pathlib import Path

import pytest

from service.config import Settings, SettingsError

GOOD = {
    "AFTERWORD_DATABASE_URL": "sqlite:////tmp/a.db",
    "AFTERWORD_REDIS_URL": "redis://127.0.0.1:6379/0",
    "AFTERWORD_SECRET": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
}


def test_settings_have_defaults_but_for_secrets_and_addresses() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.limits is True
    assert settings.batch_size == 50
    with pytest.raises(
        SettingsError, match="AFTERWORD_DATABASE_URL, AFTERWORD_REDIS_URL, AFTERWORD_SECRET"
    ):
        Settings.from_env({})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(GOOD["AFTERWORD_SECRET"] + "\n")
    environ = {name: value for name, value in GOOD.items() if name != "AFTERWORD_SECRET"}
    settings = Settings.from_env(environ | {"AFTERWORD_SECRET_FILE": str(file)})
    assert settings.secret == GOOD["AFTERWORD_SECRET"]
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_env(environ | {"AFTERWORD_SECRET_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    "secret", ["short", "a" * 64, "changeme" * 8, "secret-" + "0f1e2d3c4b5a6978" * 2]
)
def test_weak_secrets_are_refused(secret: str) -> None:
    with pytest.raises(SettingsError, match="too weak"):
        Settings.from_env(GOOD | {"AFTERWORD_SECRET": secret})


@pytest.mark.parametrize(
    "changes",
    [
        {"AFTERWORD_METRICS_TOKEN": GOOD["AFTERWORD_SECRET"]},
        {"AFTERWORD_REDIS_URL": f"redis://:{GOOD['AFTERWORD_SECRET']}@redis/0"},
        {
            "AFTERWORD_DATABASE_URL": "postgresql://a:e4%2F8d01@db/a",
            "AFTERWORD_REDIS_URL": "redis://a:e4/8d01@redis/0".replace("/8", "%2f8"),
        },
    ],
)
def test_no_secret_serves_twice(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="hold the same secret") as refused:
        Settings.from_env(GOOD | changes)
    assert GOOD["AFTERWORD_SECRET"] not in str(refused.value)


def test_a_token_for_figures_is_not_short() -> None:
    with pytest.raises(SettingsError, match="AFTERWORD_METRICS_TOKEN is too short"):
        Settings.from_env(GOOD | {"AFTERWORD_METRICS_TOKEN": "short"})


def test_a_redis_elsewhere_needs_a_password() -> None:
    for url in ("redis://redis:6379/0", "rediss://10.0.0.5", "redis://afterword@redis/0"):
        with pytest.raises(SettingsError, match="without a password"):
            Settings.from_env(GOOD | {"AFTERWORD_REDIS_URL": url})
    for url in (
        "redis://a:e48d01@redis/0",
        "redis://127.0.0.2/0",
        "redis://[::1]:6379",
        "unix:///a",
    ):
        assert Settings.from_env(GOOD | {"AFTERWORD_REDIS_URL": url}).redis_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AFTERWORD_LIMITS", "maybe"),
        ("AFTERWORD_BATCH_SIZE", "many"),
        ("AFTERWORD_BATCH_SIZE", "0"),
        ("AFTERWORD_PROXIES", "-1"),
        ("AFTERWORD_SWEEP_SECONDS", "soon"),
        ("AFTERWORD_SWEEP_SECONDS", "-1"),
        ("AFTERWORD_LOG_LEVEL", "banana"),
        ("AFTERWORD_DATABASE_URL", "mysql://a/b"),
        ("AFTERWORD_REDIS_URL", "garbage"),
        ("AFTERWORD_REDIS_URL", "redis://[broken"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(GOOD | {name: value})


def test_an_empty_setting_is_no_setting(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(GOOD["AFTERWORD_SECRET"])
    in_a_file = {"AFTERWORD_SECRET": "", "AFTERWORD_SECRET_FILE": str(tmp_path / "secret")}
    assert Settings.from_env(GOOD | in_a_file).secret == GOOD["AFTERWORD_SECRET"]
    assert Settings.from_env(GOOD | {"AFTERWORD_LIMITS": ""}).limits is True
