"""How we use HSDS where it leaves a choice: the conventions that a partner's programmer must know. Served at /hsds/profile."""

CONVENTIONS = {
    "language": "One language an answer: `lang`, else Accept-Language; Content-Language says which. A text that is missing in it "
    "comes in the best other one. The taxonomy `texts` names the languages in which a service is complete.",
    "unknown": "What is not known is left out. Required texts that are not known (postal_code, description) are empty.",
    "hidden_places": "A place whose address is not published has location_type `virtual` and the name of its region. "
    "It has no address and no point, is in no organisation's list of locations, and has another id at each service.",
    "points": "The taxonomy `point` says whether latitude and longitude are the door (`exact`) or the middle of the city (`city`).",
    "hours": "Times are local times of Africa/Casablanca. `timezone` is left out: Morocco's offset differs during Ramadan. "
    "closes_at at or before opens_at is on the next day. A row with valid_from, valid_to and no freq is an exception; "
    "without times it means closed. Rows with a term of the taxonomy `season` hold only during Ramadan, or only outside it.",
    "phones": "RFC 6350 has no WhatsApp: its type is `text`, and the description says WhatsApp.",
    "status": "`temporarily closed`: takes nobody at the moment. Services that are withdrawn or suspended are not listed; "
    "compare the ids of `/services?minimal=true` with yours to find them.",
    "confirmation": "assured_date is the day on which somebody last asked the provider. Without it nobody has.",
    "warning": "`fact:asylum_warning` marks consulates and return services. Show it to asylum seekers.",
    "postcode": "Compared with the postal codes of known places. `proximity` counts from the middle of these.",
    "top_only": "Terms that stand below no other.",
}
