"""Short ordinary comments, written by hand, which training knows beside what it is given.

Spam in text messages and under videos has words to itself that readers of newspapers use every
day: "reply", "text", "station", "free". Nothing here was taken from anybody.
"""

COMMENTS = tuple(
    line.strip()
    for line in """
    A reply to the mayor.
    I would like a reply from the council.
    My reply to that is simple: no.
    Thanks for your reply.
    See my reply above.
    Nobody has replied to the letter yet.
    The text of the bill is online.
    Has anybody read the whole text?
    That is not what the text says.
    She sent me a text about it this morning.
    The last paragraph of the text is the best.
    A comment on the third point.
    Good comment.
    Best comment so far.
    My comment was about the bridge, not about the road.
    I second this comment.
    Comments like these make me sad.
    Why are the comments closed under the other article?
    The first comment says it all.
    The station has been closed since May.
    The train was late again at the central station.
    Which station do you mean?
    The police station is two streets away.
    Free speech is not the same as free of consequences.
    The press should be free.
    Free buses would help more than free parking.
    Feel free to disagree.
    Entry was free on Sunday, and it was full.
    They call it reform.
    I call that a scandal.
    Call me old-fashioned, but I liked the paper edition.
    The minister did not answer our call.
    My phone had no signal there either.
    Mobile reception in the valley is a joke.
    He won the prize, and he deserved it.
    The prize went to the wrong film.
    Nobody wins in this war.
    Will we ever win a match again?
    They claim that it was an accident.
    That claim is false.
    The claim in the second paragraph needs a source.
    Cash should stay legal.
    They only take cash at the market.
    The service on this line is terrible.
    The health service is falling apart.
    Please stop this.
    When will they stop building there?
    The bus stop has no roof.
    Send him home.
    They should send somebody to look at it.
    The video shows nothing of the kind.
    I watched the video twice and saw no foul.
    The channel between the islands is too narrow for that ship.
    Watching from Norway, good luck to you all.
    Please check your figures.
    Somebody should check the brakes.
    The link between the two is obvious.
    Could you please fix the link in the second paragraph?
    I like this town.
    I would like to know who pays for it.
    Like father, like son.
    Please share this with your neighbours.
    I have subscribed to this paper for thirty years.
    I will cancel my subscription if this goes on.
    As a subscriber I expect better.
    The website of the council is down again.
    Help is on its way, they said.
    Please help them.
    Now is the time to act.
    Now they tell us.
    Today of all days.
    Urgent repairs took nine months.
    The offer of the union was fair.
    They offered him the job.
    The guarantee has run out.
    The customer is always right, but not here.
    My account of that evening is different.
    The bank closed its branch in our street.
    Money is not everything.
    Follow the money.
    I follow this story with interest.
    New here. Is it always like this?
    Hello from the other side of the river.
    Hello everybody.
    Good morning.
    Thank you.
    Thanks for this.
    Thanks for the article.
    Many thanks to the author.
    Thank you for writing this down.
    Well said.
    Well written.
    Exactly.
    Agreed.
    I agree.
    I disagree with you.
    True.
    Not true.
    Nonsense.
    Yes.
    No.
    No way.
    Same here.
    Me too.
    Why?
    Who cares?
    Really?
    What a shame.
    How sad.
    Lovely picture.
    Great news.
    Good luck.
    Congratulations to the team.
    Rest in peace.
    Happy birthday!
    Happy new year to everybody here.
    First.
    Ok.
    Lol.
    Welcome back.
    Level crossing, not bridge. Please correct.
    Spelling mistake in the headline.
    Source?
    Which year was that?
    I was there.
    I remember it well.
    Beautiful photo of the harbour.
    Danke für den Artikel.
    Vielen Dank, gut geschrieben.
    Stimmt genau.
    Das sehe ich anders.
    Wer soll das bezahlen?
    Guten Morgen aus dem Norden.
    Merci pour cet article.
    Je ne suis pas d'accord.
    C'est bien dommage.
    Qui va payer tout cela ?
    Bonne nouvelle pour le quartier.
    Gracias por el artículo.
    No estoy de acuerdo.
    Muy bien dicho.
    ¿Y quién lo va a pagar?
    Obrigado pelo texto.
    Não concordo com o autor.
    Parabéns a todos.
    Grazie per l'articolo.
    Non sono d'accordo.
    Bedankt voor het stuk.
    Daar ben ik het niet mee eens.
    Спасибо за статью.
    Я не согласен с автором.
    Очень жаль.
    Dziękuję za artykuł.
    Nie zgadzam się z autorem.
    Yazı için teşekkürler.
    Buna katılmıyorum.
    Terima kasih atas artikelnya.
    Saya tidak setuju dengan penulis.
    Semoga cepat sembuh.
    Ευχαριστώ για το άρθρο.
    Διαφωνώ με τον συγγραφέα.
    شكرا على المقال
    لا أتفق مع الكاتب
    記事をありがとうございます。
    私はそう思いません。
    谢谢你的文章
    我不同意作者的看法
    기사 잘 읽었습니다
    """.strip().splitlines()
)
