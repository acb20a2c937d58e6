"""Endings of domains that are given out: by them words are told that name a domain from words that only have a full
stop in them (“inkl.MwSt”, “St.Gallen”, “Node.js”). Those of countries all, of the others the usual ones; mail programs
make links of words by lists like these."""

from __future__ import annotations

#: ISO 3166-1 alpha-2 as far as it is given out, and ac, eu, su, uk (IANA root zone).
_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd
cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf
gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km
kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz
na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg
sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc
ve vg vi vn vu wf ws ye yt za zm zw
"""
_OTHERS = """
academy aero africa agency amsterdam app art asia auto bank bar bayern beer berlin bio biz blog brussels business
cafe care careers cat center chat church city clinic cloud club coach codes coffee cologne com community company
consulting coop dance deals dental design dev digital direct doctor earth eco edu education email energy engineering
estate eus events example exchange expert family farm fashion film finance fit foundation fun fund gal gallery games
garden gmbh gov green group hamburg haus health help holdings homes hospital host hotel house immo immobilien inc
info ink institute insurance int international jetzt jobs kaufen koeln land law legal life link live llc london ltd
market marketing media mil mobi money museum music name net network news ngo nrw nyc one online org page paris
partners parts pharmacy photo photos pizza plus press pro quebec reise reisen rent repair restaurant ruhr saarland
sale school schule science scot services shop show site social software solar solutions space sport store studio
style supply support swiss systems tax team tech technology test tickets tips tirol today tokyo tools top tours
training travel university vegas ventures versicherung vet video vlaanderen wales web website wien wiki wine work
works world xyz yoga zone zuerich
"""
GIVEN_OUT = frozenset((_COUNTRIES + _OTHERS).split())
