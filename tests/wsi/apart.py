"""What is apart from the rules: where the gateway differs on purpose, and what no checker of ours can apply."""

STATED = {
    "R1126": "no credential at all is a fault with 401 and a challenge: five stacks send Basic only after it",
    "R1113": "malformed HTTP is a fault with 500, not 400: seven stacks lose a fault that comes with a 400",
    "R1115": "another media type is a fault with 500, not 415: likewise",
    "R1125": "so no problem of a request's format has a status of 4xx, but for that 401, and 405",
    "R2738": "the WS-Security header is declared, because wsdl.exe and SOAP::WSDL send only what is declared, and not"
    " asked for: WSDL 1.1 has no word for an optional header",
}
"""Where we differ, and why (interop.md). test_wsi.py shows each as it happens."""

NOT_APPLICABLE = {
    "rpc bindings, and we have none": "R1007 R2203 R2207 R2211 R2717 R2726 R2729 R2735 R2737 R2755 R2301 R2212 R2214",
    "one-way operations, and we have none": "R2714 R2727 R2750 R1112 R1030",
    "what a description or a message may do: there is nothing to break": "R1119 R2008 R2009 R2025 R2114 R2202 R2208"
    " R2302 R2709 R2719 R2722 R2739 R2742 R2743 R2751 R2752 R2753 R4002",
    "what others say: R0001 asks for a WSDL (it is served), R2707 reads an omitted use (as R2706 here)": "R0001 R2707",
    "header faults and bodies without parts, and we have none": "R2741 R2213",
    "who receives our answers": "R1002 R1003 R1016 R1107 R1131 R2027 R2747 R2748",
    "requests, which others write": "R1109 R1132 R2744 R2745",
    "the version of HTTP, which is the server's": "R1140 R1141",
    "redirections and cookies, and we send none": "R1130 R1120 R1121 R1122 R1123",
    "HTTPS, which is the front proxy's": "R5000 R5001 R5010",
}
"""Why some rules are not here: reason → numbers. The R3… are about UDDI, and we are in no registry."""


def is_stated(numero, message):
    """Tell whether this violation of an answer is the one that we state."""
    return numero == "R1126" and message.status == 401 and "WWW-Authenticate" in message.headers
