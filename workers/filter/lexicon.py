"""Kinds of phrases that moderators know, and how much each speaks for spam before any training.

Written by hand, from general knowledge. A phrase matches whole words; "subscri*" is a beginning.
The weight is where training starts from and what it stays near when the data says nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick

from service.domain.folding import fold, undisguised


@dataclass(frozen=True, slots=True)
class Kind:
    name: str  # in a moderator's words
    weight: float
    phrases: str  # comma-separated


KINDS: dict[str, Kind] = {
    "asks": Kind("asks for subscribers or likes", 1.2, """
        subscribe, subcribe*, sucscribe, subscibe, subscrib, subscrible, suscribe, sub scribe, subscribes to me, subscribe to, please sub, plz sub, pls sub, and sub, sub to, sub me, sub back, sub4sub, sub for sub,
        subs for subs, get subs, need subs, want subs, need subscribers, get subscribers, more subscribers please,
        my subscribers, i have subscribers, reach subs, few subscribers please, little subscribers, new subscribers, my subs,
        my channel, my chanel, our channel, a look at my, listen to my, watch my, see my, rate my, check my,
        follow me, follow my, like my, like my page, my page, my video*, our video*, my music, our band, my band, my cover*,
        my remix, my song, my songs, my rap, my new, my latest, my first, my profile, my avatar, my name is, add me, support me,
        support a young, support my, help me get, help me reach, help me out, give me a chance, give us a chance, give me a try,
        give my, give a try, my mixtape, my beats, my instagram, my insta, my soundcloud, my youtube, my facebook, my fb,
        my twitter, my tiktok, my blog, my website, my site, my group, my app, small youtuber, new youtuber, young artist,
        upcoming artist, my dream, vote for me,
        i upload, i post videos, i make videos, i make music, i make beats, i do covers, do covers, i stream, i rap, i sing, i produce,
        we make music, what you think of my, tell me what you think, tell us what you think, new single, new track, new mixtape,
        just dropped, dropped a new, just released, just uploaded, say hi, my discord, my server, discord server, my twitch, my stream,
        my podcast, my ep, my album, my page and, mean a lot, means a lot, honest opinion*, feedback appreciated, aspiring, unsigned,
        independent artist*, sub for a sub, i will subscribe, first subscribers, my cousin, my friends channel, my brothers channel,
        suscribe*, suscribete, mi canal, inscreva*, meu canal, abonnier*, mein kanal, abonne toi, abonnez vous, ma chaine,
        подписывай*, подпишись, подпишитесь, мой канал, моем канале, мой паблик"""),
    "begs": Kind("asks for likes", 0.6, """
        like this comment, like this com, share this, share it, upvote this, thumbs up so, thumbs up if, thumbs up, like if,
        like to be, give it a like, drop a like, smash the like, like and, likes for, get this to the top, top comment*,
        ставь лайк, ставьте лайк, лайкни, dale like, deja tu like, curte ai"""),
    "go": Kind("sends readers elsewhere", 0.9, """
        check out, check it out, check this, check our, check them out, click here, click on, click the, click below, click link,
        click this, visit my, visit our, visit this, visit us, visit here, visit the, visit, go to, go here, come check,
        have a look at, take a look at, see here, see more, learn more, read more, know more, more info*, for more details,
        find out more, get more, get it here, get yours, sign up, register, join now, join my, join our, join us, join the,
        link below, link in bio, in my bio, link in, this link, my link, the link below, try it, try this, download, order now,
        buy now, shop now, google this, search for, look up, look me up, open google, and type, just type, type in, search up, search on youtube, look for my, the following, below link, given link, plz visit, pls visit,
        переходи, переходите, жми, жмите, по ссылке, ссылке, ссылку, регистрируй*, за регистрацию, вступай*, заходи*, в закрепе, klik, kunjungi, daftar, bergabung, cek profil, cek bio,
        link di bio, haz clic, visita*, clique, cliquez, clique aqui, hier klicken, klick"""),
    "money": Kind("promises money", 1.3, """
        earn money, earn cash, earn up to, earn a, earn from, earn over, i earn, you can earn, start earning, earning money,
        make money, making money, made money, extra money, money online, extra cash, free money, easy money, free cash,
        cash prize, extra income, passive income, monthly income, weekly income, steady income, daily profit*, weekly profit*,
        profit daily, making profit*, huge profit*, good profit*, profits weekly, invest with, investing with, invested with,
        work from home, working from home, from home, work at home, part time job, online job*, financial freedom, paid daily,
        payout*, withdrawal*, binary option*, stock option*, home based, get paid, getting paid, get rich, guaranteed profit*, guaranteed return*, monthly from,
        fund manager, account manager, expert trader, i was paid, i got paid, my payout, my withdrawal, lender*, credit repair,
        get a loan, loan of, loan offer, apply today, apply now, interest rate of, without collateral, easy loan*,
        with little capital, return on, i made, from my phone,
        заработок, заработка, заработать, зарабатывать, зарабатывай*, зарабатываем, пассивн*, выплат*, подработ*, удаленн*, сотрудничеств*, партнеров, в команду, открыт набор, идет набор, набор в, набираем, набираю, ищу людей,
        ищем людей, нужны люди, человек в команду, без опыта, обучение бесплатно, бесплатное обучение, доход, дохода, доходы, доходом, доходность, прибыль, прибыли,
        в неделю, в день, в месяц, занятость, свободный график, займ, займы, займов, без отказа, от 18 лет,
        с телефона, ganar dinero, gana dinero, ganhe dinheiro, ganhar dinheiro, dinheiro em casa, geld verdienen, euro am tag,
        gagner de l'argent, gagnez, argent facile*, un pret, pret entre, prestamo, emprestimo, penghasilan tambahan,
        dapat uang, dolares al dia, por dia, reais por dia, κερδιστε, ευρω την ημερα"""),
    "finance": Kind("speaks of money", 0.2, """
        income, profit*, invest*, deposit*, trading, trader*, forex, millionaire, loan*, debt, interest rate, mortgage, borrow,
        financing, earn, earns, earned, earning*, withdraw, salary, a day, a week, a month, an hour, per month, credit score, cash, guaranteed, a loan, per day, per week, per hour, daily, weekly,
        кредит*, инвест*, вложени*, вложений, доход*, процент*, прибыл*, в неделю, в месяц, в день, за день, uang, modal, деньг*, деньги, доллар*"""),
    "crypto": Kind("is about crypto money", 0.8, """
        bitcoin*, btc, ethereum, eth, usdt, crypto*, cryptocurren*, binance, blockchain*, airdrop*, nft*,
        metamask, presale, altcoin*, defi, web3, trust wallet, seed phrase, coinbase, hash rate, mining pool,
        крипт*, биткоин*, арбитраж*, бирж*, обменник*, токен*, майнинг*, обмен валют*, обменом валют"""),
    "broker": Kind("recommends somebody who trades or recovers money", 1.5, """
        recovery expert, recover my, recover your, recovered my, recover lost, stolen bitcoin, stolen funds, stolen crypto,
        traded for me, trade for me, trades for me, trading with, her platform, his platform, her strategies, his strategies,
        her strategy, his strategy, her trading, his trading, broker like, licensed broker, expert mrs, expert mr, with expert,
        mrs, her on, him on, reach her, reach him, reach out to, write her, message her, message him, contact her, contact him,
        thanks to mr, thanks to mrs, thanks to dr, thanks to doctor, thanks to expert, help of, changed my life,
        changed my financial, my financial life, financial life, signals group, vip signal*, vip group, win rate, trading signal*,
        my portfolio, claim your, claim now, wallet was hacked, hacked account, brought everything back, token sale, mining app"""),
    "gambling": Kind("is about gambling", 1.6, """
        casino*, kasino, poker, jackpot*, betting, sportsbook, bookmaker*, roulette, blackjack, baccarat,
        slot, slots, free spins, free spin, toto, 1xbet, mostbet, казино, ставки на спорт, букмекер*, фриспин*,
        слоты, слотах, рулетк*, выигрыш*, выиграй*, фрибет, win88, bet365, apuesta*, apostas, bahis, iddaa, bonus hunt, taruhan"""),
    "slots": Kind("promotes slot machines", 2.5, """
        togel, gacor, maxwin, max win, scatter, zeus, olympus, mahjong, pragmatic, rtp, jepe, jp, wede, wd, depo,
        bonus new member, link alternatif, pgsoft, mahjong ways, starlight, gates of olympus, sabung, anti rungkad, rungkad,
        menang terus, cuan, auto cuan, gampang menang, mudah menang, main di, slot gacor, modal receh, receh, sultan, gokil,
        bet kecil, admin jarwo, jarwo, wd terus, langsung wd, auto jp, auto sultan, auto kaya, auto maxwin, kakek zeus,
        slot online, deposit pulsa, dapat jackpot, jackpot di, situs terpercaya, situs gacor, bocoran, pola hari ini, pola gacor,
        modal kecil, langsung cair, pasti bayar, pasti cair, langsung bayar, langsung dibayar, memang beda, tempat main,
        bosku, bossku, sensasional, min admin, makasih min, cek bio aku, kemenangan besar, kemenangan beruntun, saldo nambah,
        saldo bertambah, tidak pernah gagal, hoki di, hoki banget, pecah terus, auto pecah, turun terus, sweet bonanza, bonanza,
        wild west, petir merah, free spin*, buy spin, daftar di, akun pro, akun gacor, agen terpercaya, kasih cuan"""),
    "luck": Kind("speaks of luck and winnings", 0.5, """
        judi, bandar, hoki, situs, menang, kemenangan, terpercaya, cair, jutaan, juta, membayar, pola, petir, rejeki, rezeki,
        agen, livechat, daftar sekarang, keberuntungan, gambl*, lottery, lotto, spin, saldo, bayar, hadiah, jackpot, winnings"""),
    "pharma": Kind("sells medicine or cures", 1.5, """
        viagra, cialis, levitra, xanax, tramadol, ambien, adderall, oxycontin, phentermine, online pharmacy, diet pill*,
        lose weight fast, weight loss pill*, weight loss supplement*, keto gummies, natural herbs, herbal medicine, herbal cure,
        herbal remed*, cured me, cured my, cure my, cure for herpes, herpes, male enhancement, erectile, penis enlarg*,
        garcinia, cbd oil, native doctor, herbalist, spell caster, love spell, cast a, spell, ex back, my ex back, came back to me,
        steroid*, without prescription, no prescription, anti aging, herbal"""),
    "health": Kind("speaks of medicine", 0.2, """
        pharmacy, pills, weight loss, lose weight, keto, herbs, herb, cure, cured, supplement*, dr., testosteron*, hair loss,
        skin care, virus, doctor who"""),
    "adult": Kind("offers sex or dates", 1.3, """
        xxx, sex chat, sexcam*, sexy girl*, hot girl*, hot girls in, girls in your area, escort*, nudes, webcam girl*, hookup*,
        dating site, local singles, onlyfans, horny, call girl*, meet girls, meet singles, milf, want to meet, adult dating,
        my private, интим*, секс*, порно, слитые фото, слив фото, сливы, слитые, фото твоих, фото девушк*, знакомств*, обнажен*, раздев*,
        раздень, bokep"""),
    "selling": Kind("sells goods or services", 1.3, """
        seo services, seo company, seo expert, backlink*, web design, website design, digital marketing, marketing agency,
        marketing company, marketing services, marketing course, marketing institute, development company, software company,
        development services, app development, service provider, services in, company in, agency in, training in, course in,
        courses in, institute in, training institute, coaching classes, best institute, online training, training online,
        online course*, online class*, certification course*, certification training, internship, placement, with placement,
        job guarantee, classes in, classes near, hire a, hire our, outsourc*, contact us, call us, our services, our company,
        our academy, our courses, our institute, we at, we offer, we provide, we are offering, provides the best, is the best place,
        affordable, at affordable, best price, best prices, lowest price, discount code, coupon code, promo code, special offer,
        limited offer, free trial, free shipping, free demo, supplier*, manufacturer*, rental services, packers, movers,
        plumber*, cleaning services, repair service*, repair in, customer service number, customer support, support number,
        toll free, helpline, essay help, essay writing, assignment help, assignment writing, homework help, dissertation help,
        thesis help, writing service*, phd experts, 24x7, replica, for sale, luxury villa*, tour package*, travel agency,
        hacking service*, hire a hacker, need a hacker, spy on, cheating spouse, cracked, keygen, mod apk, torrent, streaming free,
        watch online free, free download, full version, gift card*, free iphone, followers for, real followers, free followers,
        get followers, buy followers, best software, best training, best course*, top company, best company, best service*,
        leading company, years of experience, software training, looking for a best, looking for best, training with,
        we build, we supply, we design, we develop, we manufacture, we speciali*, we deliver, we help businesses, our firm, our agency,
        our clinic, our products, our range, our store, our shop, our experts, here at, hire dedicated, hire developers,
        dedicated developers, developers from, placement assistance, bootcamp, near me, get a quote, free quote, free consultation,
        book now, book your, enroll now, enrol now, join now, site visit, white label, bulk sms, if you are looking for,
        if you need, if anybody wants, if anyone wants, anyone looking for, for more information visit, for more tutorials,
        check our website, editing services, academic writing, online exam, number one provider,
        продам, продаю, продажа аккаунт*, скидк*, услуги, заказ, гарант, недорого, дешево, jasa, murah, jual, harga promo"""),
    "market": Kind("uses words of trade", 0.2, """
        seo, coaching, certification, hire, our team, we have, cheap, discount*, coupon*, promo*, wholesale, rental, essay*,
        dissertation, thesis, watches, handbags, jerseys, outlet, real estate, luxury, villa*, hacker*, hack, generator, crack, apk,
        giveaway*, claim, prize, winner, won, congratulations, urgent, training, institute, academy, company, services, solutions,
        contractor*, flooring, roofing, signage, interior design*, property, apartments for, dentist*, attorney*, locksmith*,
        pest control, carpet cleaning, limousine, hotel booking, tours, visa, immigration consultant*, astrolog*, vashikaran,
        wedding photograph*, web hosting, vpn, logo design, graphic design, video editing, crm, erp, app developer*, tutor*,
        proofreading, ghostwrit*, ielts, steel, pipes, flanges, valves, exporter*, packaging, cctv, solar panel*, furniture,
        mattress*, tiles, jewellery, perfume*, leather jacket*, hoodie*, nutrition, clinics, businesses, worldwide, developers,
        editors, tableau, salesforce, power bi, devops training, robux, v bucks, vbucks,
        in chennai, in bangalore, in hyderabad, in pune, in delhi, in noida, in gurgaon, in mumbai, in coimbatore, in dubai,
        in marathahalli, in lahore, in karachi, in kolkata, in ahmedabad, in jaipur, in indore, in kochi,
        купить, продаж*, акция, доставк*, реклам*, harga, terbaik"""),
    "blog": Kind("praises a post in general terms", 1.0, """
        nice post, great post, good post, nice article, great article, good article, nice blog, great blog, good
        blog, awesome post, awesome blog, awesome article, excellent post, excellent article, amazing article,
        amazing post, valuable information, informative post, informative article, informative blog, informative,
        very informative, thanks for sharing, thank you for sharing, thank for sharing, keep sharing, keep posting,
        keep blogging, great content, nice content, wonderful post, wonderful article, well written, your blog, this
        blog, i really like your, stumbled upon, bookmarked, more updates, such an informative, wonderful blog,
        sharing such, share with us, sharing with us, nice sharing, great read, very nice article, very nice post,
        very nice blog, very good article, very good information, such an amazing, this post is, your article,
        informative content, valuable content, valuable post, helpful post, helpful article, insightful, waiting for
        your next, next post, it was really, thanks for providing, thanks for the information, thank you for
        providing, thanks for your information, for sharing this, sharing this information, for sharing with, great
        share, knowledgeable, worth reading, really enjoyed reading, enjoyed reading your, explained very well, keep updating,
        an awesome article, thanks for this blog, such useful information, blog very useful, nice blog i have"""),
    "praise": Kind("praises in general terms", 0.4, """
        nice information, great information, good information, useful information, excellent information, thanks for this,
        superb, well explained, the way you explain*, useful tips, great work, good work, nice work, good one, nice one, great info,
        excellent read, good job, great job, keep it coming, thanks admin, thanks for such, loved reading, good stuff,
        the effort you put, appreciate the effort, this is nice, so informative, great tips, nicely written, nicely explained,
        keep it up, keep up, your website, your site, this website, this site, your post, i really appreciate, i am happy to,
        really helpful, very helpful, very useful, i have read, i was looking for, i found this, i found your, came across,
        looking forward, such a nice, amazing, awesome, wonderful, excellent"""),
    "contact": Kind("gives a contact", 1.2, """
        whatsapp, whats app, on telegram, via telegram, telegram, text me, inbox me, dm me, pm me, contact me, contact him at,
        email me, mail me, gmail, hotmail, contact via, message me, write me, write to me, call me on, call now, ask me how,
        hangouts, icq, kik, wechat, в лс, в личку, в личные, в личных, пишите в, пишите мне, пиши в, пиши мне, писать в, пишите сюда, напиши мне, напишите мне, лс, личк*,
        телеграм, ватсап*, whatsap*, hubungi, hubungi kami, schreib mir, schreibt mir, escribeme, chama no, me chama,
        contactez moi, contactez, мηνυμα στο, μηνυμα στο, στειλτε, за деталями, подробности в"""),
    "free": Kind("promises something free", 0.7, """
        for free, 100% free, free for, absolutely free, no cost, bonus*, reward*, free gift, gift, gifts, win a, win an,
        chance to win, you have won, free, бесплатно, бонус, бонусы, бонусов, призы, призов, ценные призы, подарок, подарки, розыгрыш*, раздач*"""),
    "counts": Kind("compares how many follow", -1.0, """
        subs, subs*, subscriber*, subscribed, subscribing, subscription*, unsubscrib*, sub count, subscribe to him,
        subscribe to her, subscribe to them, subscribe to his, subscribe to both, subscribe to this, subscribe to the king, sub to him, sub gap, the gap"""),
    "views": Kind("talks of how many watch", -1.0, """
        million views, billion views, mil views, bil views, views than, more views, most views, many views, view count,
        check the view*, check the comment*, check view*, check how, checking the view*, here to check, check if, to see how,
        number of view*, how many view*, most viewed, most watched, most disliked, hit a billion, reach a billion, b views,
        m views, k views, million hits, million people, billion people, the views"""),
    "discusses": Kind("argues or asks", -0.5, """
        i think, i agree, i disagree, i don't, i doubt, you are wrong, that's, the article, this article says, because,
        however, although, according to, actually, seems, government, trump, obama, president, police, tax, taxes, law,
        court, vote, voters, election, party, country, liberal*, conservative*, republican*, democrat*, evidence, argument,
        opinion, idiot*, stupid, lol, haha, why do, why is, why are, how do i, how can i, does anyone, what about, error,
        exception, stack trace, traceback, undefined, null, function, version, compile*, works for me, doesn't work,
        not working, bug, the code, this code, the song, this song, the video, this video"""),
}  # fmt: skip


COUNTING = frozenset({"counts", "views"})


def phrases(kind: str) -> Iterator[str]:
    """Folded as texts are, with a space where a word must begin or end."""
    for entry in KINDS[kind].phrases.split(","):
        written = entry.strip()
        folded = undisguised(fold(written.rstrip("*"))).text
        if folded:
            yield f" {folded}" + ("" if written.endswith("*") else " ")


@cache
def automaton() -> ahocorasick.Automaton:
    """Of each phrase, its kinds and its length without the spaces around it."""
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        for phrase in phrases(kind):
            found.setdefault(phrase, []).append(kind)
    built = ahocorasick.Automaton()
    for phrase, kinds in found.items():
        built.add_word(phrase, (phrase, tuple(kinds)))
    built.make_automaton()
    return built


def without_counts(joined: str) -> list[str]:
    """The words, but for those that only say how many watch or follow: alone they mislead."""
    kept = list(joined)
    for end, (phrase, kinds) in automaton().iter(joined):
        if not COUNTING.isdisjoint(kinds):
            after = joined.index(" ", end)  # to the end of the word
            kept[end - len(phrase) + 2 : after] = " " * (after - end + len(phrase) - 2)
    return "".join(kept).split()


def words() -> set[str]:
    """All whole words of the phrases: they are known before any training."""
    return {
        word
        for kind in KINDS
        for phrase in phrases(kind)
        for word in phrase.split()
        if phrase.endswith(" ") and len(word) > 2
    }
