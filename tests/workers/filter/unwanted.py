"""Made-up spam of kinds that the training data has little or nothing of."""

UNWANTED = {
    "channel": """
        hey guys I make gaming videos and I am trying to reach 500 subs, every sub helps
        Sub to my channel and I will sub back to everyone
        new beat dropped on my page, come and listen if you like trap
        I'm a small youtuber from Ohio, give my videos a try please
        can anyone check my remix of this song? it would mean the world to me
        Type my name in the search bar and see the magic trick I do
        Don't read my name, don't watch my last upload
        if you like this you will love my cover, it's on my channel
        Follow @dancing_jenny on instagram for more
        I do giveaways every week on my channel, next one is a PS5
        Like and subscribe to me for good luck the next 10 years
        Plz plz plz support a young artist, just one click on my avatar
        Get 5000 real followers today at www.fast-followers.club
        check this out guys: http://bit.ly/9zxQw
        """,
    "articles": """
        Nice post! Thanks for sharing useful information. Our digital marketing institute in Pune.
        I really enjoyed reading your article. We offer data science training in Hyderabad.
        Thank you for sharing this valuable information. Best software testing course in Bangalore
        Great blog, keep updating. Web development company: https://codezonesolutions.example
        Very informative post. I like this. <a href="http://cheapessays.example">Essay help</a>
        This is an awesome article. Looking for salesforce training? Greens Academy is the best.
        Wonderful blog! Our team provides mobile app development services at affordable prices.
        Thanks for the informative article. packers and movers Gurgaon
        Excellent information, get your AWS certification with placement here: learnaws.example
        I found your blog very useful, you may also like our python online training
        Hi, great information. Do you want to hire a wordpress developer? Contact us today.
        such a nice blog i have bookmarked it, quickbooks support number 1-800-555-0142
        Amazing post, thanks. Click here for best laptop repair service in Delhi
        Your article is very helpful. Assignment help in Australia by PhD experts, 24x7 support
        Thanks for this blog, our courses in embedded systems come with internship and job guarantee
        Thanks for sharing, pls visit https://www.sevenmentor-like.example/python-classes
        """,
    "gambling": """
        Terima kasih 𝗣𝗨𝗟𝗔𝗨𝟴𝟴 sudah bikin aku menang terus
        Main di DEWI77 modal 20 ribu wd 2 juta langsung cair
        𝐊𝐀𝐈𝐒𝐀𝐑𝟗𝟗 memang tidak pernah gagal
        Bukan kaleng kaleng, R A J A 8 8 auto sultan
        Udah coba di mana-mana, cuma di 🅜🅔🅖🅐➆➆ yang bener-bener gacor
        hari ini dapat maxwin lagi di BINTANG4D, makasih min
        slot gacor hari ini cek bio aku kak
        Semenjak kenal ＮＡＧＡ７７７ hidup jadi tenang
        Gates of Olympus lagi gacor banget, petir merah x500 pecah
        S̲U̲R̲G̲A̲5̲5̲ terpercaya dan langsung bayar
        Depo 10rb bisa jadi 1 juta? Cuma di LANGIT69 bosku
        ᴍᴀᴡᴀʀ88 tempat main paling nyaman, gampang menang
        bocoran pola hari ini ada di situs ZEUS303
        jangan lupa main di 𝘽𝙐𝙉𝙂𝘼𝟱𝟱, bonus new member 100%
        Setiap hari saya main di GARUDA138 dan selalu dapat jackpot
        Tidak perlu ragu, Ⓢⓐⓣⓡⓘⓐ⑧⑧ jawabannya
        Gak sia-sia begadang di INTAN88, saldo nambah terus
        𝓟𝓔𝓡𝓜𝓐𝓣𝓐 memberikan kemenangan besar untuk semua
        Kemenangan beruntun bersama A̷G̷U̷N̷G̷7̷7̷ malam ini
        Pasti bayar, ⓂⒶⓃⒾⓈ④④ memang beda dari yang lain
        """,
    "crypto": """
        I was skeptical until Mrs Caroline Weber traded for me and my $2,000 became $11,500
        Big thanks to Mr James Holloway, his strategies changed my financial life
        Who else is making profit with Expert Daniel? I got my withdrawal this morning
        You can reach her on WhatsApp +1 (209) 555-0147, she is the best account manager
        I recovered my stolen bitcoin with the help of cyberwizard247 on Instagram
        Claim your airdrop of 5,000 tokens at claim-now.example before it ends
        Investing in crypto now is wise, especially with a licensed broker like Emily Parker
        I earn 14k monthly from forex with little capital, ask me how
        My wallet was hacked and @ghost_recover on telegram brought everything back in 24 hours
        Join our VIP signals group, 92% win rate, link in bio
        """,
    "telegram": """
        Ищу 2-3 человек в команду, доход от 500$ в неделю, пишите в личку
        Нyжны пapтнёpы для yдaлённoй paбoты, oплaтa кaждый дeнь, 18+
        Предлагаю удаленное сотрудничество, 80-100$ в день, обучение бесплатно, пиши + в лс
        Сpoчнo нужны люди! Бeз oпытa, cвoбoдный гpaфик, oт 3000 рублeй в дeнь
        Заработок на арбитраже криптовалюты, от 3% со сделки, связка в закрепе
        🔞 Слитые фото твоих знакомых смотри в боте @slivchik_foto_bot
        Открыт набор в проект, доход от 1500 долларов, подробности в личных сообщениях
        Продаю аккаунты с отлёжкой, дёшево, гарант, писать @sellakk_top
        Бонус 500 рублей за регистрацию, фриспины каждый день http://slotbonus.example
        Кому нужна подработка на телефоне? 2 часа в день, 150$ в неделю. За деталями в ЛС
        Займ на карту за 5 минут без отказа, переходи по ссылке
        Всeм пpивeт! Зaнимaюcь oбмeнoм вaлют, выгoдный куpc, дeнeжки cpaзу, жду в лc
        """,
    "other": """
        My husband came back after Dr Odunga cast a love spell, mail him at spellhome@mail.example
        Natural herbs cured my herpes completely, thanks to Doctor Akhigbe, WhatsApp +234 555 0133
        Hot girls in your area want to meet tonight, sign up free at meetnow.example
        Buy cheap viagra online without prescription at best-pills.example
        Get a loan of up to 50,000 at 2% interest, apply today by mail: quickloan@mail.example
        Ganhe dinheiro em casa, mais de 300 reais por dia, chama no whatsapp 11 95555-0123
        Gana dinero desde casa con tu celular, escríbeme al whatsapp y te explico
        Geld verdienen von zu Hause, 500 Euro am Tag, schreib mir auf Telegram
        Gagnez de l'argent facilement, contactez-moi sur whatsapp pour un prêt entre particuliers
        Κερδίστε 300 ευρώ την ημέρα από το σπίτι, στείλτε μήνυμα στο telegram
        Replica watches with free shipping, 70% off today only: luxury-copy.example
        Need a hacker to spy on your cheating spouse? Contact hackgenius@mail.example
        """,
}
