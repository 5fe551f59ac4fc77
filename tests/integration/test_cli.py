"""The commands on a small catalogue: what they print, what they store, and how they refuse."""

import json
from pathlib import Path

import pytest

from betimes.domain.profile import Profile

from .terminal import ENVIRONMENT, EVENTS, ITEMS, UTTERANCES, Terminal, commands

MEASURES = {"bench", "evaluate understanding", "evaluate slots", "evaluate copy", "evaluate domains", "evaluate replay"}
PHONE = "我想买一款价格在1000元以下的手机"


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a folder with the three files, and nothing imported yet."""
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name, content in (("item_feature", ITEMS), ("user_action", EVENTS), ("user_input", UTTERANCES)):
        Path(f"{name}.csv").write_text(content, encoding="utf-8")
    return Terminal()


@pytest.fixture
def shop(terminal: Terminal) -> Terminal:
    """A terminal whose database holds the three files."""
    terminal.run("import", "dir", ".")
    return terminal


# --- the loop ---------------------------------------------------------------------------------------------


def test_what_is_said_is_obeyed_and_explained(shop: Terminal) -> None:
    slate = shop.json("say", "dan", PHONE)
    assert {p["item"]["id"] for p in slate["picks"]} == {"p1", "p4"}
    assert [(c["field"], c["op"], c["value"]) for c in slate["intent"]["constraints"]] == [("price", "<=", 1000.0)]
    first = slate["picks"][0]["item"]["id"]
    why = shop.json("why", slate["id"], first)
    assert why["place"] == 1
    assert why["score"] == pytest.approx(sum(why["parts"].values()))


def test_a_person_can_read_the_answers(shop: Terminal) -> None:
    said = shop.run("say", "dan", PHONE).stdout
    assert "红米 12C" in said
    assert "699 元" in said
    assert "iPhone" not in said
    slate = said.split()[-1]
    assert "红米 12C" in shop.run("why", slate, "p1").stdout
    assert "recorded at position" in shop.run("act", "dan", "p1", "click").stdout
    assert "红米 12C" in shop.run("recommend", "dan").stdout
    assert "价格不超过 1,000 元" in shop.run("understand", PHONE).stdout
    assert "手机" in shop.run("profile", "show", "dan").stdout


def test_an_impossible_wish_names_what_comes_nearest(shop: Terminal) -> None:
    said = shop.json("say", "dan", "100元以下的手机")
    assert said["picks"] == []
    assert said["empty"]["nearest"]["title"] == "红米 12C"
    again = shop.json("recommend", "dan")
    assert again["empty"]["nearest"]["title"] == "红米 12C"


def test_the_next_list_follows_the_act(shop: Terminal) -> None:
    shop.run("say", "dan", PHONE)
    stored = shop.json("act", "dan", "p1", "dislike")
    after = shop.json("recommend", "dan", "--n", "5")
    assert after["as_of"] >= stored["seq"]
    assert [p["item"]["id"] for p in after["picks"]] == ["p4"]


def test_a_list_keeps_to_the_number_and_the_domain_asked_for(shop: Terminal) -> None:
    assert len(shop.json("recommend", "dan", "--n", "2")["picks"]) == 2
    assert {p["item"]["id"] for p in shop.json("recommend", "dan", "--domain", "video")["picks"]} == {"f1", "f2"}


def test_understanding_records_nothing(shop: Terminal) -> None:
    with shop.engine() as engine:
        before = engine.position()
    assert shop.json("understand", "a phone under $300")["locale"] == "en"
    shop.json("understand", "太贵了", "--user", "ann")
    with shop.engine() as engine:
        assert engine.position() == before


# --- profiles ---------------------------------------------------------------------------------------------


def test_a_profile_can_be_edited(shop: Terminal) -> None:
    shop.run("profile", "edit", "ann", "--set", "徒步=0.8", "--hide", "p2", "--hide", "p3")
    shop.run("profile", "edit", "ann", "--unhide", "p3")
    profile = shop.json("profile", "show", "ann")
    assert {p["topic"]: p["weight"] for p in profile["preferences"]}["徒步"] == pytest.approx(0.8, abs=0.01)
    assert profile["hidden"] == ["p2"]
    assert "p2" not in {p["item"]["id"] for p in shop.json("recommend", "ann")["picks"]}
    shop.run("profile", "edit", "ann", "--drop", "徒步")
    assert "徒步" not in {p["topic"] for p in shop.json("profile", "show", "ann")["preferences"]}


def test_consent_between_domains_is_told_and_changed(shop: Terminal) -> None:
    shop.run("say", "dan", PHONE, "--domain", "shop")
    slate = shop.run("recommend", "dan", "--domain", "shop").stdout.split()[-1]
    assert "只依据与商店有关的言行" in shop.run("why", slate, "p1").stdout
    assert "同意：无" in shop.run("profile", "show", "dan").stdout
    assert "同意：各领域相通" in shop.run("profile", "edit", "dan", "--consent", "domains").stdout
    assert [p["domain"] for p in shop.json("profile", "show", "dan")["preferences"]] == ["shop"]
    slate = shop.run("recommend", "dan", "--domain", "shop").stdout.split()[-1]
    assert "你同意各领域相通" in shop.run("why", slate, "p1").stdout
    assert "同意：无" in shop.run("profile", "edit", "dan", "--withdraw", "domains").stdout


def test_a_paused_profile_learns_nothing_until_it_is_resumed(shop: Terminal) -> None:
    shop.run("profile", "pause", "ann")
    before = shop.json("profile", "show", "ann")
    shop.run("act", "ann", "f1", "like")
    paused = shop.json("profile", "show", "ann")
    assert (paused["paused"], paused["acts"]) == (True, before["acts"])
    shop.run("profile", "resume", "ann")
    shop.run("act", "ann", "f1", "like")
    assert shop.json("profile", "show", "ann")["acts"] == before["acts"] + 1


def test_an_export_holds_everything_in_order(shop: Terminal) -> None:
    shop.run("say", "ann", PHONE)
    export = json.loads(shop.run("profile", "export", "ann").stdout)
    assert {e["user"] for e in export["events"]} == {"ann"}
    assert [e["event"] for e in export["events"]] == [
        *(["acted"] * 3),
        *("said", "understood"),
        *("said", "understood", "shown"),
    ]
    seqs = [e["seq"] for e in export["events"]]
    assert seqs == sorted(seqs)
    assert [e["text"] for e in export["events"] if e["event"] == "said"] == ["想要续航长的手机", PHONE]


def test_erasing_asks_first_and_leaves_nothing(shop: Terminal) -> None:
    kept = json.loads(shop.run("profile", "export", "ann").stdout)
    shop.run("profile", "erase", "ann", answer="n\n", code=1)
    assert json.loads(shop.run("profile", "export", "ann").stdout) == kept
    shop.run("profile", "erase", "ann", answer="y\n")
    assert [e["event"] for e in json.loads(shop.run("profile", "export", "ann").stdout)["events"]] == ["erased"]
    assert "想要续航长的手机".encode() not in Path("shop.db").read_bytes()
    shop.run("profile", "erase", "bob", "--yes")
    assert shop.json("profile", "show", "bob")["preferences"] == []
    assert "there is no user 'zed'" in shop.refused("profile", "erase", "zed", "--yes")


# --- imports ----------------------------------------------------------------------------------------------


def test_a_folder_is_imported_once_however_often(terminal: Terminal) -> None:
    first = terminal.json("import", "dir", ".")
    assert {name: (r["read"], r["kept"], r["rejected"]) for name, r in first.items()} == {
        "item_feature.csv": (7, 7, 0),
        "user_action.csv": (8, 8, 0),
        "user_input.csv": (2, 2, 0),
    }
    assert first["item_feature.csv"]["put"] == {"added": 7, "changed": 0, "unchanged": 0}
    with terminal.engine() as engine:
        before = engine.position(), engine.profile("ann"), engine.profile("bob")
    again = terminal.json("import", "dir", ".")
    assert again["item_feature.csv"]["put"] == {"added": 0, "changed": 0, "unchanged": 7}
    with terminal.engine() as engine:
        assert (engine.position(), engine.profile("ann"), engine.profile("bob")) == before
    assert before[0] == 8 + 2 * 2  # a sentence, and what it was taken to mean


def test_each_kind_of_file_is_imported_by_itself(terminal: Terminal) -> None:
    assert terminal.json("import", "items", "item_feature.csv")["kept"] == 7
    assert terminal.json("import", "events", "user_action.csv")["kept"] == 8
    assert terminal.json("import", "utterances", "user_input.csv")["kept"] == 2
    with terminal.engine() as engine:
        before = engine.position()
    assert "new 0, changed 0, unchanged 7" in terminal.run("import", "items", "item_feature.csv").stdout
    assert "kept 8" in terminal.run("import", "events", "user_action.csv").stdout
    assert "kept 2" in terminal.run("import", "utterances", "user_input.csv").stdout
    with terminal.engine() as engine:
        assert engine.position() == before
    topics = {p["topic"]: p["polarity"] for p in terminal.json("profile", "show", "bob")["preferences"]}
    assert topics["恐怖片"] == -1


def test_bad_rows_go_to_a_file_of_their_own_with_the_reason(terminal: Terminal) -> None:
    Path("goods.csv").write_text("货号,商品名,[red]售价\np9,台灯,99\n,没有编号,1\np8,贵,无价\n", encoding="utf-8")
    args = (
        "goods.csv",
        "--map",
        "id=货号",
        "--map",
        "title=商品名",
        "--map",
        "price=[red]售价",
        "--rejects",
        "bad.csv",
    )
    told = terminal.run("import", "items", *args).stdout
    assert "read 3, kept 1, rejected 2" in told
    assert "price ← [red]售价" in told  # what a file holds is no markup
    assert "rejects are in bad.csv" in told
    lines = Path("bad.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["line", "3", "4"]
    assert "no id" in lines[1]
    assert "没有编号" in lines[1]


def test_only_rows_that_are_wanted_are_imported(terminal: Terminal) -> None:
    report = terminal.json("import", "items", "item_feature.csv", "--where", "price>1000", "--domain", "goods")
    assert report["kept"] == 2


# --- what is derived, and what is wrong -------------------------------------------------------------------


def test_rebuilding_gives_the_same_states(shop: Terminal) -> None:
    shop.run("say", "ann", PHONE)
    shop.run("act", "ann", "p4", "click")

    def states() -> tuple[list[Profile], bytes, bytes, bytes]:
        with shop.engine() as engine:
            state = engine._state
            return (
                [engine.profile(user) for user in ("ann", "bob", "cat")],
                state.histories.dump(),
                state.popularity.dump(),
                state.weights.dump(),
            )

    before = states()
    assert "rebuilt as of position" in shop.run("rebuild").stdout
    assert states() == before


def test_the_doctor_finds_what_is_there_and_what_is_wrong(shop: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = {f["what"]: f for f in shop.json("doctor")}
    assert list(findings) == ["python", "packages", "database", "embedder", "model"]
    assert all(f["ok"] for f in findings.values())
    assert "7 items, 12 events" in findings["database"]["detail"]
    monkeypatch.setenv("BETIMES_EMBEDDER", "nonesuch")
    told = shop.run("doctor", "--db", "nowhere/shop.db", code=1).stdout
    assert "BETIMES_EMBEDDER" in told
    assert "folder exists" in " ".join(told.split())


def test_every_command_that_promises_json_is_tried_with_it(shop: Terminal) -> None:
    slate = shop.json("say", "dan", PHONE)
    tried = {
        "say": slate,
        "act": shop.json("act", "dan", "p1", "view"),
        "recommend": shop.json("recommend", "dan"),
        "understand": shop.json("understand", PHONE),
        "why": shop.json("why", slate["id"], "p1"),
        "doctor": shop.json("doctor"),
        "profile show": shop.json("profile", "show", "dan"),
        "import dir": shop.json("import", "dir", "."),
        "import items": shop.json("import", "items", "item_feature.csv"),
        "import events": shop.json("import", "events", "user_action.csv"),
        "import utterances": shop.json("import", "utterances", "user_input.csv"),
    }
    assert all(tried.values())
    # What measures takes long, and has tests of its own.
    assert set(tried) == {" ".join(name) for name, options in commands() if "--json" in options} - MEASURES


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("say", "dan", ""), "InvalidText: the text is empty"),
        (("say", "dan", " \u3000\u200b"), "InvalidText: the text is empty"),
        (("say", "dan", "x" * 100_000), "InvalidText: the text has 100,000 characters and at most 10,000 are read"),
        (("say", "dan", "\x01\x02\x03\x04"), "InvalidText: the text holds binary data"),
        (("say", "dan", "手机\x00"), "InvalidText: the text holds binary data"),
        (("understand", ""), "InvalidText: the text is empty"),
        (("say", "a\nb", PHONE), "InvalidInput: a user is named by 1 to 256 printable characters"),
        (("say", "", PHONE), "InvalidInput: a user is named by"),
        (("say", "x" * 257, PHONE), "InvalidInput: a user is named by"),
        (("recommend", "dan", "--domain", "cars"), "NotFound: there is no domain 'cars'"),
        (("act", "dan", "nothing", "click"), "NotFound: there is no item 'nothing' in the catalogue"),
        (("act", "dan", "\x1b[31m", "click"), r"NotFound: there is no item '\x1b[31m' in the catalogue"),
        (("act", "dan", "p1", "stare"), "InvalidEvent: there is no kind of act 'stare'; use one of: view, click"),
        (("act", "dan", "p1", "rate"), "InvalidEvent: rate needs a value between 0 and 5, not None"),
        (("act", "dan", "p1", "rate", "--value", "nan"), "InvalidEvent: rate needs a value between 0 and 5"),
        (("act", "dan", "p1", "dwell", "--value", "inf"), "InvalidEvent: dwell needs a value between 0 and 86400"),
        (("act", "dan", "p1", "view", "--value", "nan"), "InvalidEvent: "),
        (("why", "nothing", "p1"), "NotFound: there is no slate 'nothing'"),
        (("profile", "show", "zed"), "NotFound: there is no user 'zed'"),
        (("profile", "pause", "zed"), "NotFound: there is no user 'zed'"),
        (("profile", "export", "zed"), "NotFound: there is no user 'zed'"),
        (("profile", "edit", "ann", "--set", "徒步"), "InvalidInput: --set takes topic=strength, not '徒步'"),
        (("profile", "edit", "ann", "--set", "徒步=8"), "strength lies between 0 and 1"),
        (("profile", "edit", "ann", "--set", "徒步=nan"), "strength lies between 0 and 1"),
        (("import", "items", "nowhere.csv"), "InvalidFile: there is no file nowhere.csv"),
        (("import", "items", "."), "InvalidFile: . cannot be read"),
        (("import", "dir", "nowhere"), "InvalidFile: nowhere holds none of item_feature.csv"),
        (
            ("import", "items", "item_feature.csv", "--map", "title"),
            "InvalidInput: --map takes ours=theirs, not 'title'",
        ),
        (("import", "events", "item_feature.csv"), "InvalidFile: "),
        (("say", "dan", PHONE, "--db", "redis://here"), "StoreUnavailable: redis is not a database"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(shop: Terminal, args: tuple[str, ...], says: str) -> None:
    with shop.engine() as engine:
        before = engine.position()
    assert says in shop.refused(*args)
    with shop.engine() as engine:
        assert engine.position() == before


def test_an_unknown_domain_is_told_with_the_known_ones(shop: Terminal) -> None:
    assert "there is no domain 'cars' in the catalogue; it has: shop, video" in shop.refused(
        "say", "dan", PHONE, "--domain", "cars"
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("recommend", "dan", "--n", "0"), "--n"),
        (("recommend", "dan", "--n", "101"), "--n"),
        (("serve", "--port", "80000"), "--port"),
        (("say", "dan"), "text"),
        (("act", "dan", "p1", "rate", "--value", "many"), "--value"),
        (("say", "dan", PHONE, "--wait", "ages"), "--wait"),
        (("sing",), "sing"),
    ],
)
def test_a_command_line_that_cannot_be_read_says_where(terminal: Terminal, args: tuple[str, ...], says: str) -> None:
    result = terminal.run(*args, code=2)
    assert says in result.stderr
    assert not Path("shop.db").exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BETIMES_MODEL_DEADLINE", "-1", "BETIMES_MODEL_DEADLINE: Input should be greater than 0"),
        ("BETIMES_MAX_TEXT", "many", "BETIMES_MAX_TEXT: Input should be a valid integer"),
        ("BETIMES_RATES", "CNY=1", 'field "rates"'),
        ("BETIMES_MODEL", "gpt", "ModelUnavailable: there is no model 'gpt'; set BETIMES_MODEL to"),
        ("BETIMES_EMBEDDER", "gpt", "ModelUnavailable: there is no embedder 'gpt'; set BETIMES_EMBEDDER to"),
    ],
)
def test_settings_that_cannot_be_are_named(
    shop: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    assert says in shop.refused("say", "dan", PHONE)


# --- files in place of a database -------------------------------------------------------------------------


def test_an_empty_file_becomes_a_database(terminal: Terminal) -> None:
    # It holds nothing that could be lost, and it is what SQLite itself, mktemp and touch make.
    Path("shop.db").touch()
    terminal.run("import", "dir", ".")
    assert terminal.json("say", "dan", PHONE)["picks"]


@pytest.mark.parametrize("keep", [10, 100, 5_000, 40_000])
def test_a_truncated_database_is_refused_and_left_as_it_is(shop: Terminal, keep: int) -> None:
    whole = Path("shop.db").read_bytes()
    Path("cut.db").write_bytes(whole[:keep])
    for args in (
        ("say", "dan", PHONE),
        ("import", "items", "item_feature.csv"),
        ("rebuild",),
        ("serve",),
        ("serve", "--workers", "2"),
    ):
        told = shop.refused(*args, "--db", "cut.db")
        assert told.startswith("StoreCorrupt: the database cut.db is ")
        assert "damaged" in told
    assert Path("cut.db").read_bytes() == whole[:keep]


# --- measuring and training -------------------------------------------------------------------------------


def test_readings_are_scored_in_groups(shop: Terminal) -> None:
    scores = shop.json("evaluate", "understanding", "--set", "shop.en", "--limit", "40", "--by", "domain")
    assert scores.keys() == {"rules", "shop rules"}
    assert scores["rules"] == pytest.approx(scores["shop rules"])
    assert 0.5 < scores["rules"]["kind accuracy"] <= 1.0


def test_copy_is_scored(shop: Terminal) -> None:
    scores = shop.json("evaluate", "copy", "--limit", "30")
    assert scores["template"]["passed at the first draft"] == 1.0
    assert scores["template"]["wrong among those shown"] == 0


def test_a_set_that_is_not_there_is_told(shop: Terminal) -> None:
    assert "known: crosswoz" in shop.refused("evaluate", "slots", "nowhere")
    assert "no corpus" in shop.refused("evaluate", "understanding", "--set", "nowhere")


def test_disagreements_are_written_of_those_who_consent(shop: Terminal) -> None:
    assert "0 sentences" in shop.run("train", "disagreements", "out.jsonl").stdout
    assert Path("out.jsonl").read_text(encoding="utf-8") == ""
    shop.run("profile", "edit", "ann", "--consent", "training")
    assert shop.json("profile", "show", "ann")["consents"] == ["training"]
    shop.run("profile", "edit", "ann", "--withdraw", "training")
    assert shop.json("profile", "show", "ann")["consents"] == []
