"""What customers say in English."""

from __future__ import annotations

from typing import Final

SAID_EN: Final[dict[str, tuple[str, ...]]] = {
    "ask_visit": (
        "Hi, I'd like to book {s.na}.",
        "Hello, do you speak English? I need an appointment for {s.na}.",
        "Hi! Could you fit me in this week? I want {s.na}.",
        "Good morning, any slots for {s.na} in the next days?",
        "Hello, can I make a booking for {s.na}?",
        "hi, whats your availability for {s.na}?",
    ),
    "ask_named_time": ("Hi, can I book {s.na} {a.w} {a.o}?",),
    "hurried": (
        "I'm in a rush, so quickly please.",
        "Only got a minute.",
        "I'm at work, keep it short please.",
    ),
    "quiet": (
        "And I'd rather not chat during it, I'm exhausted.",
        "I prefer quiet in the chair, by the way.",
    ),
    "talkative": (
        "We just moved here from Leeds, the movers lost half our boxes, you wouldn't believe it.",
        "My colleague raves about you, the tall one with the red beard.",
    ),
    "browsing": ("Just looking around for now.", "I'm comparing a few places."),
    "embittered": (
        "The last place ruined my hair, so I'm careful.",
        "You're the fourth salon I've tried today.",
    ),
    "clarified_length": ("Shoulder length.", "Just an inch or so.", "Quite short."),
    "clarified_whom": ("No, anyone.", "Anyone is fine."),
    "clarified_wash": ("Yes please.", "No, I'll wash it at home."),
    "clarified_when": ("After five would be best.", "Mornings.", "Any time."),
    "clarified_been": ("Yes, first time.", "No, I was in last spring."),
    "asks_price": ("How much is it?", "And the price?", "What do you charge?"),
    "thanks_price": ("OK, fine.", "Good.", "Okay thanks."),
    "no_allergy": ("No, never.", "Nothing I know of.", "No."),
    "agrees_to_test": ("OK, makes sense.", "Fine, I'll come."),
    "yes_allergy": ("I came out in a rash once, from black dye.",),
    "picks": ("{a.nom} please.", "The first one.", "{a.nom} {a.h} is great.", "I'll take {a.nom}."),
    "accepts": ("That works.", "OK.", "Fine, thanks."),
    "confirms": ("Yes, that's right.", "Yes.", "Correct, thank you."),
    "thinks": ("I'll think about it and write back.", "Let me check with my husband first."),
    "bye": ("Thanks, bye!", "Thank you!", "Great, thanks."),
    "small_talk_yes": (
        "Love it, apart from the tram drivers!",
        "Ha, long story, I'll tell you in the chair.",
    ),
    "small_talk_no": ("Sorry, I'm really in a hurry.", "Can we get back to the time?"),
    "picture_cut": ("[picture] Hi, could you do a fringe like this? I'd like an appointment.",),
    "picture_colour": (
        "[picture] Hello, I'd like to book this colour, mine is dark brown now.",
        "[picture] Hi, can I get this balayage? Any slots next week?",
    ),
    "complains_cut": (
        "Hello, I was in on Saturday and I'm not happy, the fringe is uneven.",
        "I'm disappointed, it's too short, I said only the ends.",
        "One side is longer than the other, have a look!",
    ),
    "complains_colour": (
        "Hi, the colour is off, I asked for beige and it's orange.",
        "My scalp has been itchy since the colour on Thursday.",
        "I'm not happy with the highlights, they look like stripes.",
    ),
    "complains_bill": ("I was charged more than you told me on the phone.",),
    "complains_more": ("So what now?", "I have a wedding on Friday.", "That isn't what I asked for."),
    "calmer": ("OK, thank you.", "Fine, I'll come by."),
    "angrier": ("Right. So I'm on my own with this.", "Great. I'll leave a review then."),
    "moves_visit": (
        "Hi, I need to move my appointment, something came up.",
        "Hello, could I change the time? My kid is ill.",
    ),
    "cancels_visit": ("Hi, I have to cancel my appointment, sorry.",),
    "answers_follow_up": (
        "Love it, thanks for asking!",
        "Good, but the fringe goes its own way.",
        "great :)",
    ),
    "ignores_offer": ("Thanks.", "Not right now."),
    "hello_phone": ("Hello.", "Hi, do you speak English?"),
}

QUESTIONS_EN: Final[dict[str, tuple[str, ...]]] = {
    "hours": ("Hi, until when are you open today?",),
    "children": ("Hello, do you cut children's hair?",),
    "products": ("Hi, which conditioner do you use? It smelled wonderful.",),
    "parking": ("Hello, where can I park?",),
    "voucher": ("Hi, do you sell gift vouchers?",),
    "left_thing": ("Hi, I think I left my scarf with you.",),
}
