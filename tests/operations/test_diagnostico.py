"""The looks at an installation are taken at once, and none of them can hold the others up or break them."""

import threading

from pmc_soap.operations.diagnostico import Como, Hallazgo, Revision, look


def fine(que):
    return Hallazgo(que=que, como=Como.BIEN, dicho="bien")


def test_the_gravest_comes_first_and_what_is_far_is_left_out_unless_asked_for():
    bad = Hallazgo(que="b", como=Como.MAL, dicho="mal", remedio="hacé algo")
    looks = [
        Revision(que="a", mirar=lambda: [fine("a")]),
        Revision(que="b", mirar=lambda: [bad]),
        Revision(que="c", mirar=lambda: [fine("c")], es_red=True),
    ]
    assert [each.que for each in look(looks, con_red=False)] == ["b", "a"]
    assert [each.que for each in look(looks, con_red=True)] == ["b", "a", "c"]


def test_one_that_does_not_end_or_breaks_is_a_finding_and_holds_nobody_up():
    never = threading.Event()

    def hangs():
        never.wait(20)
        return []

    def breaks():
        raise RuntimeError("secreto")

    looks = [
        Revision(que="a", mirar=hangs),
        Revision(que="b", mirar=breaks),
        Revision(que="c", mirar=lambda: [fine("c")]),
    ]
    found = {each.que: each for each in look(looks, con_red=True, plazo_s=0.3)}
    never.set()
    assert {que: each.como for que, each in found.items()} == {"a": Como.OJO, "b": Como.MAL, "c": Como.BIEN}
    assert "secreto" not in f"{found}"
