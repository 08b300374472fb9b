"""What customers come for, from the first word to the last: the course of each kind of contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gracja.demo.customers import wants_talk
from gracja.demo.scene import Scene

HandOver = Callable[[Scene], None]
_CLARIFIED: Final = ("length", "whom", "wash", "when", "been")


def book(scene: Scene, hand_over: HandOver | None = None) -> None:
    """A visit is asked for, and mostly booked."""
    named = scene.customer.mood != "browsing" and scene.chance(0.03)
    begin(scene, "ask_named_time" if named else "ask_visit")
    if hand_over is not None:
        hand_over(scene)
    _clarify(scene)
    if scene.service.colour:
        _ask_about_allergy(scene)
    _offer(scene, named=named)


def show_picture(scene: Scene) -> None:
    """The customer sends a picture: can it be done?"""
    what = "colour" if scene.service.colour else "cut"
    begin(scene, f"picture_{what}")
    if scene.chance(0.12):
        scene.agent(scene.move(f"possible_{what}"))
    else:
        tells = scene.does("says_what_is_impossible")
        scene.agent(scene.move(f"impossible_{what}" if tells else "impossible_not"))
    scene.client(scene.says("thanks_price"))
    if scene.service.colour:
        _ask_about_allergy(scene)
    _offer(scene)


def complain(scene: Scene) -> None:
    """Something went wrong at a visit of this week: with the cut or colour, or with the bill."""
    if scene.chance(0.1):
        begin_with(scene, scene.says("complains_bill"), kind="complaint")
        _apologise(scene)
        scene.agent(scene.move("refund"))
        scene.client(scene.says("calmer"))
        return
    begin_with(scene, scene.says("complains_colour" if scene.colour else "complains_cut"), kind="complaint")
    _apologise(scene)
    corrects = scene.does("offers_free_correction")
    scene.agent(scene.move("correction" if corrects else "correction_not"))
    scene.client(scene.says("calmer" if corrects else "angrier"))
    if corrects and scene.chance(0.6):
        scene.agent(scene.move("one_time"))
        scene.client(scene.says("accepts"))
        _enter(scene, "booking_created")
    else:
        scene.agent(scene.move("closing" if corrects else "cold_end"))


def _apologise(scene: Scene) -> None:
    scene.agent(scene.move("apology" if scene.does("apologises") else "apology_not"))
    scene.client(scene.says("complains_more"))


def ask(scene: Scene) -> None:
    """A question without a visit."""
    question, answer = scene.question()
    begin_with(scene, question)
    scene.agent(answer)
    _small_talk(scene)
    scene.client(scene.says("bye"))
    if scene.chance(0.6):
        scene.agent(scene.move("closing"))


def move_visit(scene: Scene) -> None:
    """A visit is moved to another time, or called off."""
    if scene.chance(0.3):
        begin(scene, "cancels_visit")
        scene.agent(scene.move("cancelled"))
        scene.system("visit_cancelled", "Wizyta odwołana")
        scene.client(scene.says("bye"))
        return
    begin(scene, "moves_visit")
    scene.agent(scene.move("reschedule"))
    two = scene.chance(scene.skill.share("two_times"))  # not due: no visit is asked for
    scene.agent(scene.move("two_times" if two else "one_time"))
    scene.client(scene.says("picks" if two else "accepts"))
    _enter(scene, "booking_changed")


def follow_up(scene: Scene) -> None:
    """The salon writes first, some days after a new style or colour."""
    scene.system("follow_up_due", "Minął tydzień od zmiany fryzury")
    greets = scene.does("greets_on_the_line")
    scene.lead = [scene.move("greet_first")] if greets else []
    asks = scene.does("asks_how_it_falls")
    scene.agent(scene.move("follow_up" if asks else "follow_up_not"), after_seconds=0)
    if not scene.chance(0.75 if asks else 0.35):
        return
    scene.client(scene.says("answers_follow_up" if asks else "ignores_offer"))
    if asks:
        scene.agent(scene.move("follow_up_help" if scene.chance(0.25) else "follow_up_thanks"))


def begin(scene: Scene, asked: str) -> None:
    """The first words of both sides, with the customer's mood in them."""
    words = [scene.says(asked)]
    asks_for_quiet = scene.customer.mood == "quiet"
    if scene.customer.mood != "plain" and asked != "cancels_visit":
        words.append(scene.says(scene.customer.mood))
    begin_with(scene, *words)
    if asks_for_quiet and asked != "cancels_visit" and scene.does("confirms_quiet"):
        scene.lead.append(scene.move("confirm_quiet"))


def begin_with(scene: Scene, *words: str, kind: str = "") -> None:
    """On the phone the employee speaks first; in writing the greeting stands before the first answer."""
    if scene.spoken:
        scene.agent(scene.move("greet_phone" if scene.does("greets_on_the_line") else "greet_phone_not"))
        scene.client(*words)
        return
    scene.client(*words)
    evening = scene.now.hour >= 19
    waits = scene.until_morning() if evening else scene.first_reply_seconds()
    greets = scene.does("greets_on_the_line")
    greeting = scene.move("greet_chat" if greets else "greet_chat_not") if greets or not kind else ""
    if scene.chance(0.25) and greeting:
        scene.agent(greeting, after_seconds=waits)
        return
    scene.lead = [greeting]
    scene.wait(waits)


def _clarify(scene: Scene) -> None:
    if scene.chance(0.15 if scene.customer.mood == "hurried" else 0.45):
        about = scene.random.choice(_CLARIFIED)
        scene.agent(scene.move(f"clarify_{about}"))
        scene.client(scene.says(f"clarified_{about}"))
    _small_talk(scene)


def _small_talk(scene: Scene) -> None:
    """Personal talk: for those who like it, and from those who cannot leave it, for all."""
    pleases = wants_talk(scene.customer)
    if not scene.chance(min(1.0, scene.employee.small_talk * (1.8 if pleases else 1.0))):
        return
    if not pleases and scene.chance(scene.employee.discretion):
        return
    scene.agent(scene.move("small_talk"))
    scene.client(scene.says("small_talk_yes" if pleases else "small_talk_no"))


def _ask_about_allergy(scene: Scene) -> None:
    if not scene.does("asks_about_allergy"):
        return
    if scene.chance(0.2):
        scene.agent(scene.move("allergy_test"))
        scene.client(scene.says("agrees_to_test"))
        return
    scene.agent(scene.move("allergy"))
    scene.client(scene.says("yes_allergy" if scene.chance(0.04) else "no_allergy"))


def _offer(scene: Scene, *, named: bool = False) -> None:
    """Price and times, in either order; then the booking, unless the customer was only looking."""
    asked = scene.chance(0.12)
    if asked:
        if scene.turns[-1]["speaker"] == "customer":
            scene.hold()
        scene.client(scene.says("asks_price"))
    price = [scene.move("price")] if scene.does("names_price", at_least=0.9 if asked else 0.0) else []
    if price and (asked or scene.chance(0.5)):
        scene.agent(*price)
        scene.client(scene.says("thanks_price"))
        price = []
    if scene.chance(0.3):
        scene.hold()
    chosen = _times(scene, *price, named=named)
    if scene.customer.mood == "browsing" and scene.chance(0.6):
        scene.client(scene.says("thinks"))
        scene.agent(scene.move("no_decision"))
        return
    scene.client(chosen)
    _enter(scene, "booking_created")


def _times(scene: Scene, *price: str, named: bool = False) -> str:
    """Times are offered; back come the customer's words that choose one."""
    if named:
        scene.agent(scene.move("named_time_free"), *price)
        return scene.says("accepts")
    if not scene.does("two_times"):
        scene.agent(scene.move("one_time"), *price)
        return scene.says("accepts")
    scene.agent(scene.move("two_times"), *price)
    return scene.says("picks")


def _enter(scene: Scene, event: str) -> None:
    """The visit is read back, or not, and stands in the book."""
    reads_back = scene.does("reads_time_back")
    scene.agent(scene.move("read_back" if reads_back else "read_back_not"))
    if reads_back and scene.chance(0.7):
        scene.client(scene.says("confirms"))
    scene.system(event, "Wizyta zapisana w kalendarzu")
    if scene.spoken or scene.chance(0.6):
        scene.agent(scene.move("closing"))
        scene.client(scene.says("bye"))
