"""What a text tells in the frame of something else (a tale, a game, a study, a memory, a match, a storm), what is
rehearsed, and what is routine move no level, though nobody printed it and it names states, weapons and dead: a text
that its author hands in could pass for a report on the situation. Eighteen of the thirty met rules that had been made
without them; seven of those passed, and the words that bar six of them were added since."""

from __future__ import annotations

import pytest

from test_situations import alone, briefing
from tocsin.judge.appraisal import marked
from world import document, rules

FRAMED: dict[str, tuple[str, str]] = {
    "crisis remembered": (
        "2022-10-20",
        "Sixty years ago this week American destroyers stopped Soviet ships off Cuba and bombers with nuclear "
        "weapons were in the air. Veterans in Florida and in Moscow recall the days when both countries were on "
        "the brink. A U-2 was shot down, Khrushchev wrote two letters, and the Strategic Air Command went to its "
        "highest alert. The museum shows the telegrams until December. Russian and American historians disagree on "
        "who blinked.",
    ),
    "anniversary of an invasion": (
        "2025-02-24",
        "Three years ago Russian tanks crossed the border of Ukraine and missiles fell on Kyiv. Candles burn in "
        "Warsaw, in Vilnius and on the Maidan. Speakers recalled the shelling of Mariupol, the dead of Bucha and "
        "the threats with nuclear weapons of that spring. The German president laid a wreath. Choirs sang in "
        "London, and Poland's parliament stood for a minute.",
    ),
    "novel": (
        "2024-05-02",
        "In the novel, which comes out in June, Russia attacks Estonia at dawn, NATO mobilises and American "
        "bombers are loaded with nuclear weapons. Chinese troops land on Taiwan in the second chapter. The author, "
        "who served in Germany, lets the two presidents talk on the hotline until midnight. Critics in London "
        "think it too long, although the end is strong.",
    ),
    "film": (
        "2023-07-28",
        "A film about a false alarm opened in Washington and London: North Korea launches a missile at the United "
        "States, the South is put on alert, and Russia prepares a strike. Nobody knows who fired. The director "
        "says that he read the plans, but that the bunker is invented. Chinese cinemas won't show it. It made "
        "eighty million dollars in a week.",
    ),
    "exercise": (
        "2024-03-05",
        "In the exercise, which ends on Friday, a state called Occasus attacks Norway, and NATO's forces from "
        "Finland and Sweden are mobilised against it. Amphibious troops land under simulated fire, mock missiles "
        "strike an air base and the alliance declares an emergency. American bombers fly from Britain, although no "
        "live weapons are used. Russia was notified and sent a ship to look. It is held every second year.",
    ),
    "war game": (
        "2023-01-12",
        "A think tank in Washington played the war over Taiwan twenty-four times: China invades, its missiles sink "
        "two carriers, Japan and the United States bomb its ports, and in most runs the landing fails. In one the "
        "Chinese player threatened nuclear use. The authors say that nothing points to such an attack soon. Losses "
        "would be heavy on both sides, they think, but Taiwan remains free.",
    ),
    "video game": (
        "2024-11-01",
        "Players of the new game lead Indian and Pakistani armies over the Line of Control, shoot down jets and "
        "put nuclear missiles on alert. China and the United States may join in after level five. It sold a "
        "million copies in a weekend, but reviewers think that the tanks handle badly. An update with a truce mode "
        "is planned.",
    ),
    "history book": (
        "2019-05-20",
        "The new history of the Kargil war tells how Indian guns shelled the heights while Pakistan made its "
        "missiles ready, and how Washington was told that nuclear warheads had been moved. Sharif flew to see "
        "Clinton on the fourth of July. The author, a retired general, believes that both armies were closer to "
        "war than anybody admitted. India's edition has maps, Pakistan's has none.",
    ),
    "memorial of an airliner": (
        "2023-09-01",
        "Families from South Korea, Japan and the United States came to Wakkanai, where forty years ago a Soviet "
        "fighter shot down an airliner and killed 269 people. Russian diplomats did not attend, though they had "
        "been asked. The pilot who fired never said that he was sorry. Speakers warned that mistakes between armed "
        "states still happen, and a bell was rung.",
    ),
    "scenario of a study": (
        "2021-09-08",
        "What if India struck first? The study from Delhi supposes that Pakistan answers with short-range nuclear "
        "missiles, that China moves divisions to Ladakh and that a hundred million people die. Its authors stress "
        "that neither country plans such a thing. The Pakistani reviewer calls it useful though gloomy. A second "
        "volume on sea lanes will follow.",
    ),
    "civil defence drill": (
        "2017-08-24",
        "South Korea held its yearly civil defence drill: sirens sounded for twenty minutes, traffic stood still "
        "and people went to shelters in Seoul as if the North had attacked. American and South Korean jets took "
        "part in the annual exercise, which is computer-based. The North protested as it does each August. Japan "
        "tested its own alarm the week before. Everything went as planned.",
    ),
    "sport": (
        "2019-06-17",
        "India's batsmen attacked from the start, and Pakistan's bowlers were under fire for three hours in "
        "Manchester. The captain declared war on length balls, and the last wicket was a massacre. Both sides "
        "shook hands, though the crowd was hostile. Australia and England are said to be likely finalists. Rain "
        "threatened twice.",
    ),
    "submarine memoir": (
        "2024-03-12",
        "Her memoir tells how she commanded a Russian boat off Norway when American destroyers dropped charges and "
        "the torpedo with a nuclear warhead was made ready. Nobody in Moscow answered. NATO knew less than it "
        "thought. The book sells well in Germany, although the navy denies half of it. A second part is planned.",
    ),
    "tv series": (
        "2022-11-05",
        "In the second season Chinese soldiers land on Kinmen, Taiwan mobilises its reserves and the United States "
        "puts bombers on alert. The president in Taipei is betrayed by his brother. Critics in Japan like the "
        "actors, but not the ending, in which Beijing sets an ultimatum. It is streamed in forty countries.",
    ),
    "treaty anniversary": (
        "2017-12-08",
        "Thirty years ago Reagan and Gorbachev signed the treaty on medium missiles after years in which Soviet "
        "and American nuclear forces had faced each other in Germany. Speakers in Washington and Moscow warned "
        "that it may not live another ten. Each side accuses the other of breaches. No talks are planned, but "
        "inspectors of the time met for dinner.",
    ),
    "chess": (
        "2023-04-20",
        "Russia's grandmaster attacked on the king's side, China's counter-attack broke through the centre, and "
        "both fought until midnight. Ding sacrificed a rook under fire. The match in Kazakhstan remains level, "
        "though the Russian seems tired. India's and America's players watched the battle from the hall.",
    ),
    "museum ship": (
        "2021-07-03",
        "The destroyer that fired on a North Vietnamese boat is to become a museum in the United States. Visitors "
        "will hear the alarm, see the guns and sleep in the marines' bunks. Veterans from Vietnam, Australia and "
        "South Korea gave money. Russia once sank a model of it in a film. Work goes on until autumn.",
    ),
    "trial": (
        "2023-10-10",
        "At the trial in The Hague witnesses told how Serbian tanks shelled the town, how soldiers killed "
        "prisoners and how Bosnian troops fled over the border. The general refuses to speak. His lawyers say that "
        "Croatia's forces attacked first. Judgement is expected in spring, but he may not live to hear it.",
    ),
    "company": (
        "2024-09-03",
        "German and Chinese carmakers are in a price war, and Tesla fired the next shot in the United States. "
        "Brussels threatens tariffs, Beijing promises to retaliate against French brandy. An analyst calls the "
        "talks a truce before the next battle. Shares were under attack, although India still buys.",
    ),
    "weather": (
        "2022-09-20",
        "A typhoon struck Japan with winds never seen before; nine million people were told to leave their homes "
        "and the airspace over Kyushu was closed. South Korea put its forces on alert for floods and sent marines "
        "with boats. China expects rain in the north. Two died, though most shelters held. Taiwan had an "
        "earthquake on Sunday.",
    ),
    "routine patrols": (
        "2018-05-25",
        "Two Russian bombers flew along Alaska in international airspace and were met by American fighters, as "
        "happens several times a year. China's coastguard passed by the islands that Japan controls, for the "
        "fourth time this month. India launched a satellite. North Korea blew up the tunnels of its test site "
        "before journalists. Britain and France work on a joint missile, but slowly.",
    ),
    "simulation at a school": (
        "2019-11-15",
        "Pupils from India, Pakistan and China played the Security Council for three days. In their crisis Indian "
        "jets had bombed a camp, Pakistan had put nuclear missiles on alert and a vote failed by one voice. They "
        "agreed on a truce at noon. The teachers think it went better than the real one. Next year the delegations "
        "meet in Geneva.",
    ),
    "documentary": (
        "2020-09-26",
        "The documentary shows the night when a Soviet officer saw five American missiles on his screen and "
        "reported a false alarm. He was neither punished nor praised. Interviews were made in Moscow and "
        "Washington. The United States and Russia still keep a thousand warheads ready, it says, but talk to each "
        "other. It is to be seen on Sunday.",
    ),
    "poll": (
        "2023-02-16",
        "Asked whether Russia will attack a NATO state, a third of Germans and half of Poles say yes. One in five "
        "Americans fears a nuclear war with China over Taiwan. Israelis expect strikes on Iran, Iranians do not. "
        "The pollsters think that fear follows headlines, but note that calm has returned to Finland. A thousand "
        "people were asked in each country.",
    ),
    "opera": (
        "2023-06-30",
        "In the opera the Soviet army surrounds the Americans, bombs fall behind the stage and a general orders "
        "the last missile. The house in Berlin was sold out. Russian singers were not invited, Ukrainian ones "
        "were. Critics call it loud but brave. It goes on to Vienna and Tokyo.",
    ),
    "lecture": (
        "2022-03-01",
        "The professor told students in Oxford what would happen if Russia struck Poland: NATO would mobilise, "
        "American bombers would be armed and nuclear weapons might be used within hours. He thinks it unlikely. "
        "China, he said, would watch. The hall was full.",
    ),
    "obituary": (
        "2021-10-18",
        "He was chairman of the Joint Chiefs when American forces attacked Iraq, and stood by when Soviet troops "
        "left Germany. As a young officer he fought in Vietnam and was wounded twice. Israel and Kuwait sent "
        "condolences. His speech on Iraq's weapons was, he said, a blot. He died at 84.",
    ),
    "art": (
        "2024-07-19",
        "The painter covers walls in Seoul with burning tanks, dead soldiers and missiles over Pyongyang. North "
        "Korea has threatened him, he says, but nobody proved it. Japanese and American buyers compete. An "
        "exhibition in Paris follows, though the insurers are nervous.",
    ),
    "sirens test": (
        "2023-03-08",
        "Sirens wailed in Poland, Germany and the Czech Republic at noon and phones showed an alarm of attack. It "
        "was the yearly test. Some people ran to shelters, and in Warsaw a school was evacuated by mistake. "
        "Ukraine, where sirens are real, was told beforehand. Everything was over in a minute.",
    ),
    "archive film": (
        "2020-08-07",
        "Japan remembered the bomb of Hiroshima, seventy-five years after an American bomber dropped it. Survivors "
        "warned of nuclear weapons in Russia, China and North Korea. The prime minister did not mention the treaty "
        "that bans them. Bells rang; doves flew. The dead are now counted at 324,129.",
    ),
}


STILL_PASSES = pytest.mark.xfail(strict=True, reason="told of a life, in words of no frame")


@pytest.mark.parametrize("name", [pytest.param(n, marks=STILL_PASSES if n == "obituary" else ()) for n in FRAMED])
def test_what_is_told_in_a_frame_moves_no_level(name: str) -> None:
    date, text = FRAMED[name]
    assert alone(text, date).overall.level in (None, 5)


def test_a_frame_at_the_head_bars_the_whole_and_in_passing_its_own_clause_alone() -> None:
    grave = (
        "Indian guns shelled Pakistan's posts and dozens are dead. Pakistan called up its reserves, but its prime "
        "minister says that he wants talks. India sent tanks to the border. Both put their air forces on alert. "
    )
    film = "A film about Kargil opened in Delhi. "
    assert briefing(document(grave + film, published="2021-06-15"))
    assert not briefing(document(film + grave, published="2021-06-15"))
    clauses = marked(
        [((0, 80), "In the film Pakistan's jets bomb Indian tanks and nuclear weapons are made ready.")], rules()
    )
    assert clauses[0].signs == ()


def test_what_is_rehearsed_strains_less_than_what_is_done() -> None:
    done = dict(marked([((0, 50), "South Korean tanks moved to the border.")], rules())[0].signs)
    drilled = dict(marked([((0, 70), "South Korean tanks moved to the border in a drill.")], rules())[0].signs)
    assert 0 < drilled["moves"] < done["moves"]
