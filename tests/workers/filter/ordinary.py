"""Made-up ordinary comments of many kinds: none of them is spam, and few may be held."""

ORDINARY = {
    "counts": """
        T-Series is only ten thousand subs behind now
        he gained 40k subscribers in one day, unbelievable
        who is here after the sub gap closed?
        I have been subscribed since he had 2 million subscribers
        Why does this channel have so few subscribers? The work is great
        1 billion views soon, it deserves it
        The real winner is the one with fewer subscribers but better videos
        everyone unsubscribed from that channel and came here lol
        He lost more subs this week than I ever had
        Half of those views are from my phone
        9 year olds army, we held the line and the gap grew again
        this video has more views than people in my country
        congrats on 100 million, you earned every one of them
        I subscribed to both of them just to be fair
        subscribing does not make him a better person
        can't believe that a company is the most subscribed now
        """,
    "code": """
        I get TypeError: 'NoneType' object is not subscriptable in line 14, any idea?
        Traceback (most recent call last): File "app.py", line 3, in <module> import flask
        For me it only worked after pip install --upgrade setuptools
        You can write that shorter: sorted(items, key=len)[:10]
        Does this work with Java 8? I get NullPointerException at com.example.Main.run(Main.java:12)
        There is a typo in step 3, it should be git checkout -b feature
        What if the list is empty? max([]) raises a ValueError
        public static void main should be inside the class, otherwise it won't compile
        How do I do the same with async await instead of callbacks?
        console.log(this) prints undefined for me, in strict mode
        In PostgreSQL you need double quotes: SELECT "userId" FROM users;
        After the update I get a 404 for /api/users, with the old version it works
        The complexity is O(n log n), not O(n), because of the sort
        npm ERR! code ERESOLVE, what should I do?
        how to run this code on windows? make is not found
        for (int i = 0; i < n; i++) is off by one in your second example
        """,
    "thanks": """
        Thanks, that solved my problem after two days of searching.
        Thank you so much for this, the third step was what I missed.
        Great explanation, I finally understand recursion.
        Nice article, but the second figure is missing its labels.
        Good post. I would add that the index has to be rebuilt afterwards.
        Thanks for the clear walk-through. One question: why do you sort first?
        thank you sir it was very helpful for my exam
        Very nice, works like a charm.
        Thank you, please also write about unit tests
        Excellent article! Looking forward to part two.
        Could you please share the dataset you used in the example?
        Best tutorial I found on this topic, thanks Maria
        """,
    "short": """
        First
        lol
        So true
        Agreed.
        No.
        This!
        Liar.
        beautiful song
        love it
        Me in 2024
        yes yes yes yes yes
        ha ha ha ha ha ha ha
        amazing
        Nope nope nope
        Wow
        same here
        Good
        nice
        masterpiece
        ok
        """,
    "video": """
        2:35 gives me goosebumps every single time
        Who else is listening to this in 2024? ❤
        This song never gets old 🔥🔥🔥
        I was 12 when this came out, now I have two kids 😭
        The drummer at 1:12 deserves a raise
        Legends are still here in 2024
        my dad played this in the car every Sunday. rest in peace, dad
        The way she says "anyway" at 4:10 kills me 😂😂
        Not me crying at 3 am again
        Is nobody going to talk about the cat in the background?
        Great video as always, the editing gets better every week!
        You explained in ten minutes what my teacher could not in a year
        Like if you came here from the movie
        We need a part 2 of this!!
        Can you make a video about the history of the tram next?
        0:45 that transition though
        the algorithm brought me here and I am not mad about it
        Underrated. This should have way more views.
        http://www.youtube.com/watch?v=abcdefghijk&t=1m12s this is the part
        still better than anything on the radio today
        """,
    "news": """
        https://www.theguardian.com/politics/2016/may/02/some-article
        See http://www.cbc.ca/news/politics/report-1.3456 for the other side of it.
        The source is here: https://en.wikipedia.org/wiki/Carbon_tax
        Taxpayers paid $3.2 million for this study and nobody reads it.
        If you earn 40,000 a year you pay more than a company that earns 40 million.
        Follow the money. Who profits when the mine opens?
        They gave the bank free money and asked for nothing in return.
        Check out the comments of the minister from last year, quite the opposite.
        My mortgage went up by 300 a month while the deposit earns nothing.
        Click bait headline, the article says something else entirely.
        The casino was supposed to bring jobs to the city. Where are they?
        I invested in my education and have a loan to show for it.
        Join the army then, if you think that war is the answer.
        The drug company raised the price of a cure for hepatitis to $90,000.
        He made his fortune in real estate and now he wants to run the country.
        Visit any hospital on a Friday night and say that again.
        Gambling addiction ruins families, and the lottery is run by the state!
        Bitcoin uses more electricity than Ireland, which is madness.
        Call your representative. Their number is on their website.
        Doctors without a contract, nurses without pay. Well done, minister!
        """,
    "german": """
        Der Artikel verschweigt, dass die Mieten in Wien seit Jahren steigen.
        Und wer soll das bezahlen? Natürlich wieder wir.
        Ich sehe das völlig anders als der Autor.
        Bitte nicht schon wieder diese Debatte.
        Danke für den sachlichen Beitrag!
        Die Regierung hat doch keine Ahnung, wovon sie redet
        Kann mir jemand erklären, warum das nicht schon früher auffiel?
        In der Schweiz funktioniert das seit Jahrzehnten.
        Genau so ist es.
        Sie haben offenbar den Artikel nicht gelesen.
        """,
    "portuguese": """
        Esse governo só pensa em aumentar imposto, o povo que se vire.
        Parabéns pela reportagem, muito esclarecedora.
        Enquanto isso, falta médico no posto do meu bairro
        E ninguém vai preso, como sempre.
        Concordo plenamente com você.
        Isso é Brasil, infelizmente
        Quem votou nesse sujeito devia pedir desculpas
        que absurdo, até quando vamos aceitar isso???
        Não é bem assim, leia a notícia antes de comentar.
        Saudades dessa música, marcou a minha infância
        """,
    "greek": """
        Δεν συμφωνώ καθόλου με τον αρθρογράφο.
        Πάλι εμείς θα πληρώσουμε τα σπασμένα
        Η ομάδα έπαιξε πολύ καλά στο δεύτερο ημίχρονο.
        Μπράβο στον προπονητή, το αξίζει!
        Ντροπή σας.
        Και τι έγινε με τα λεφτά που έδωσαν πέρυσι;
        Αυτό δεν ήταν πέναλτι ούτε στον ύπνο σας
        Καλή επιτυχία στα παιδιά
        Ο διαιτητής έκανε τρία λάθη, όλα υπέρ τους
        Συγχαρητήρια για το άρθρο.
        """,
    "indonesian": """
        Lagu ini selalu bikin aku kangen masa SMA
        Semangat terus bang, konten kamu bagus sekali
        Kasihan ibunya, semoga diberi kesabaran
        Pemerintah harusnya lebih peduli sama rakyat kecil
        wkwkwk ngakak banget lihat mukanya
        Siapa yang nonton ini tahun 2024?
        Setuju, pelakunya harus dihukum berat
        Jangan main hakim sendiri, biar polisi yang urus
        mantap bang, ditunggu video selanjutnya
        Timnas menang karena kerja sama tim yang bagus
        Semoga rezekinya lancar terus ya kak, amin
        harga beras naik lagi, gaji tetap segitu
        baru tahu kalau ternyata begitu ceritanya
        Judi itu haram, banyak keluarga hancur gara-gara itu
        Alhamdulillah akhirnya bisa lulus juga tahun ini
        keren banget aktingnya, sampai nangis nontonnya
        """,
    "spanish and french": """
        No estoy de acuerdo, el problema viene de mucho antes.
        Esta canción me recuerda a mi abuela, qué recuerdos
        ¿Y quién va a pagar todo esto? Los de siempre.
        jajaja me muero de risa con ese gato
        Muy buen artículo, gracias por compartir.
        Qué vergüenza de políticos tenemos
        Je ne suis pas d'accord avec cet article, il manque des chiffres.
        Encore une fois, ce sont les mêmes qui paient.
        Très bonne analyse, merci.
        Cette chanson me donne des frissons à chaque fois
        Et la réforme des retraites, on en parle quand ?
        Bravo à toute l'équipe, quel match !
        """,
    "others": """
        この曲を聴くと高校時代を思い出す
        とても分かりやすい説明でした。ありがとうございます
        这首歌真好听，百听不厌
        政府应该多听听老百姓的意见
        정말 감동적인 영상이네요
        Bu şarkıyı her dinlediğimde çocukluğum aklıma geliyor
        Hükümet yine bizi düşünmüyor, yazık
        Świetny artykuł, ale brakuje danych za ostatni rok
        I politici sono tutti uguali, non cambierà mai niente
        Questa canzone è un capolavoro
        هذا الكلام غير صحيح، يجب أن نرى الأرقام أولا
        यह गाना सुनकर बचपन याद आ गया
        Ik ben het er niet mee eens, dit kost alleen maar geld
        Bài hát này hay quá, nghe mãi không chán
        Den här låten blir aldrig gammal
        """,
    "russian": """
        Подскажите, у кого-нибудь работает оплата картой за границей?
        Всем привет, кто завтра идёт на встречу?
        У меня та же ошибка, помогла только переустановка
        Скорее всего дело в настройках роутера
        Спасибо, разобрался, всё заработало
        А сколько сейчас стоит такая видеокарта?
        Не согласен с автором, раньше было лучше
        Ребята, посоветуйте хорошего стоматолога в центре
        Завтра выходной, поеду на дачу
        Кто смотрел вчера матч? Как вам второй тайм?
        Я пишу на питоне уже пять лет и до сих пор путаюсь
        Можно просто перезагрузить сервер и не мучиться
        Курс доллара опять вырос, цены тоже вырастут
        Напишите в поддержку, они обычно отвечают за день
        """,
}


def lines(of: dict[str, str]) -> list[tuple[str, str]]:
    """Every comment with its kind."""
    return [
        (kind, line.strip())
        for kind, text in of.items()
        for line in text.splitlines()
        if line.strip()
    ]
