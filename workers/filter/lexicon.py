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
    "asks": Kind("asks for subscribers or likes", 1.0, """
        subscri*, sub to, sub me, sub back, my channel, my chanel, our channel, follow me, follow my,
        like my, like my page, my page, my video*, our video*, my music, our band, my band, my cover*, my new, my latest,
        my first, my profile, add me, support me, help me get, give me a chance, give us a chance, my mixtape, my beats,
        my instagram, my soundcloud, my youtube, my facebook, my blog, my website, my site, my group, my app,
        thumbs up if, like if, like this comment, share this, upvote this, vote for, followers, suscri*, inscreva*,
        abonnier*, abonne*, подпис*, мой канал, моем канале, ставь лайк"""),
    "go": Kind("sends readers elsewhere", 0.9, """
        check out, check it out, check this, check my, check our, click here, click on, click the, click below, click link,
        click this, visit my, visit our, visit this, visit us, visit here, visit the, visit, go to, go here, come check,
        have a look at, take a look at, see here, see more, learn more, read more, know more, more info*, for more details,
        find out more, get more, get it here, get yours, sign up, register, join now, join my, join our, join us, join the,
        link below, link in bio, link in, the link, this link, my link, try it, try this, download, order now, buy now,
        shop now, google this, search for, look up, the following, below link, given link, переход*, жми, ссылк*,
        регистр*, вступ*, заход*, klik, kunjungi, daftar, bergabung, cek profil, cek bio, haz clic, visita*, clique"""),
    "money": Kind("promises money", 1.1, """
        earn*, make money, making money, extra money, money online, extra cash, free money, easy money, cash prize,
        income, profit*, invest*, per day, per week, per hour, per month, a day, a week, a month, an hour, work from home,
        from home, work at home, part time job, financial freedom, millionaire, paid daily, payout*, withdraw*, deposit*,
        trading, trader*, forex, binary option*, stock option*, passive income, home based, get paid, get rich, roi,
        guaranteed, fund manager, account manager, expert trader, i made, i was paid, my salary, loan*, lender*, credit score,
        credit repair, debt, interest rate, mortgage, borrow, financing, заработ*, доход*, прибыл*, зарабатыва*, выплат*,
        инвест*, вложен*, удаленн*, подработ*, в неделю, в день, в месяц, за день, кредит*, займ*, оплата*, ваканс*,
        пассивн*, партнер*, команд*, набор, набира*, ищу людей, ищем людей, без опыта, процент*, схем*, ganar dinero,
        dinheiro, geld verdienen, gagner de l'argent, penghasilan, uang, modal, cuan, gratis"""),
    "crypto": Kind("is about crypto money", 1.0, """
        bitcoin*, btc, ethereum, eth, usdt, crypto*, cryptocurren*, binance, blockchain*, airdrop*, token*, nft*, wallet*,
        metamask, presale, ico, mining, miner*, coinbase, altcoin*, defi, web3, trust wallet, seed phrase, recovery expert,
        крипт*, биткоин*, арбитраж*, бирж*, обменник*, кошел*, токен*, майнинг*"""),
    "gambling": Kind("is about gambling", 2.0, """
        casino*, kasino, poker, jackpot*, gambl*, betting, sportsbook, bookmaker*, roulette, blackjack, baccarat,
        slot*, slots, free spins, free spin, lottery, lotto, spin, toto, 1xbet, mostbet, казино, ставк*, букмекер*,
        слот*, рулетк*, выигр*, фрибет, win88, bet365, apuesta*, apostas, bahis, iddaa"""),
    "slots": Kind("promotes slot machines", 2.0, """
        togel, judi, bandar, gacor, maxwin, max win, scatter, zeus, olympus, mahjong, pragmatic, rtp, jepe, jp,
        hoki, wede, wd, depo, bonus new member, situs, link alternatif, pgsoft, mahjong ways, starlight, gates of
        olympus, sabung, taruhan, anti rungkad, rungkad, menang terus, menang, kemenangan, terpercaya, cair, auto
        cuan, gampang menang, main di, slot gacor, modal receh, receh, sultan, cuan, jackpot, jutaan, juta, gokil,
        membayar, bet kecil, pola, admin jarwo, jarwo, wd terus, langsung wd, auto jp, auto sultan, auto kaya, auto
        maxwin, mudah menang, win rate, petir, kakek zeus, rejeki, rezeki, berkat, slot online, agen, livechat,
        daftar sekarang, deposit pulsa"""),
    "pharma": Kind("sells medicine or cures", 1.2, """
        viagra, cialis, levitra, xanax, tramadol, ambien, adderall, oxycontin, phentermine, pharmacy, pills, weight loss,
        lose weight, keto, diet pill*, herbal, herb, herbs, cure, cured, cured me, male enhancement, erectile, penis enlarg*,
        garcinia, cbd, supplement*, herpes, dr., doctor who, spell caster, love spell, spell, ex back, my ex,
        herpes virus, native doctor, steroid*, testosteron*, hair loss, skin care, anti aging"""),
    "adult": Kind("offers sex or dates", 1.2, """
        porn*, xxx, sex chat, sexcam*, sexy girl*, hot girl*, escort*, nudes, nude, naked, webcam, hookup*, dating site,
        dating, singles, onlyfans, horny, call girl*, meet girls, milf, adult, интим*, секс*, порно, девушк*, знакомств*,
        обнажен*, раздев*, bokep, cewek"""),
    "selling": Kind("sells goods or services", 1.0, """
        seo, backlink*, web design, website design, digital marketing, marketing agency, marketing company, marketing services,
        development company, software company, service provider, services in, company in, agency in, training in, course in,
        courses in, training institute, institute in, coaching, best institute, online training, online course*, certification,
        internship, placement, classes in, hire, outsourc*, contact us, call us, our services, our team, our company, we offer,
        we provide, we are offering, we have, affordable, best price, best prices, lowest price, cheap, discount*, coupon*,
        promo code, promo*, special offer, limited offer, free trial, free shipping, wholesale, supplier*, manufacturer*,
        rental, packers, movers, plumber*, cleaning services, repair service*, customer service, customer support, toll free,
        helpline, support number, essay*, assignment help, homework help, dissertation, thesis, writing service*, replica,
        watches, handbags, jerseys, outlet, for sale, real estate, luxury, villa*, tour package*, travel agency, hacker*,
        hacking service*, hack, generator, cracked, crack, keygen, apk, mod apk, torrent, streaming free, watch online,
        free download, full version, gift card*, giveaway*, free iphone, claim, prize, winner, won, congratulations, urgent,
        продам, продаж*, купить, скидк*, заказ*, акция, доставк*, услуг*, реклам*, jasa, murah, jual, harga, terbaik"""),
    "blog": Kind("praises a post in general terms", 1.3, """
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
        share, knowledgeable, worth reading, really enjoyed reading, explained very well, keep updating"""),
    "praise": Kind("praises in general terms", 0.6, """
        nice information, great information, good information, useful information, thanks for this, keep it up, keep
        up, your website, your site, this website, this site, your post, i really appreciate, i am happy to, really
        helpful, very helpful, very useful, i have read, i was looking for, i found this, came across, looking
        forward, such a nice"""),
    "contact": Kind("gives a contact", 1.2, """
        whatsapp, whats app, telegram, text me, inbox me, dm me, pm me, contact me, contact him, contact her, email me,
        mail me, gmail, hotmail, contact via, reach out, reach me, reach him, message me, write me, call me, call now,
        hangouts, icq, skype, kik, snapchat, wechat, в лс, в личку, в личные, пишите, пиши, писать, напиши*, лс, личк*,
        телеграм*, ватсап*, whatsap*, hubungi, wa"""),
    "free": Kind("promises something free", 0.8, """
        free, for free, 100% free, no cost, bonus*, reward*, gift, gifts, win a, win an, chance to win, you have won,
        бесплатно, бонус*, приз*, подар*, розыгрыш*, раздач*"""),
    "counts": Kind("talks of how many watch or follow", -1.5, """
        million subs*, mil subs*, m subs*, k subs*, subscribers than, subs than, more subs*, most subs*, many subs*,
        number of subscribers, his subscribers, her subscribers, their subscribers, already subscribed, unsubscrib*,
        sub count, subscriber count, sub gap, subs gap, million views, billion views, mil views, views than, more views,
        most views, many views, view count, check the view*, check the comment*, check how, here to check, to see how,
        number of view*, most viewed, most disliked, hit a billion, reach a billion"""),
    "discusses": Kind("argues or asks", -0.5, """
        i think, i agree, i disagree, i don't, i doubt, you are wrong, that's, the article, this article says, because,
        however, although, according to, actually, seems, government, trump, obama, president, police, tax, taxes, law,
        court, vote, voters, election, party, country, liberal*, conservative*, republican*, democrat*, evidence, argument,
        opinion, idiot*, stupid, lol, haha, why do, why is, why are, how do i, how can i, does anyone, what about, error,
        exception, stack trace, traceback, undefined, null, function, version, compile*, works for me, doesn't work,
        not working, bug, the code, this code, the song, this song, the video, this video"""),
}  # fmt: skip


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


def words() -> set[str]:
    """All whole words of the phrases: they are known before any training."""
    return {
        word
        for kind in KINDS
        for phrase in phrases(kind)
        for word in phrase.split()
        if phrase.endswith(" ") and len(word) > 2
    }
