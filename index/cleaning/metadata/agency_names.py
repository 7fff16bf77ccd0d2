"""The names of news agencies in the spellings of story credits."""

AGENCIES = (
    *("Thomson Reuters", "Reuters", "REUTERS", "Agence France-Presse", "AFP"),
    *("The Associated Press", "Associated Press", "AP", "UPI", "PA Media", "Press Association", "Bloomberg"),
    *("Yonhap News Agency", "Yonhap News", "Yonhap", "YONHAP", "Xinhua", "XINHUA", "Kyodo News", "Kyodo", "KCNA"),
    *("Jiji Press", "ITAR-TASS", "TASS", "Interfax", "RIA Novosti", "Sputnik", "Ukrinform", "dpa", "DPA", "EFE"),
    *("ANSA", "Lusa", "Belga", "Press Trust of India", "PTI", "ANI", "IANS", "Bernama", "Antara", "Anadolu Agency"),
    *("Anadolu", "IRNA", "Tasnim", "AAP", "The Canadian Press", "Canadian Press", "Inter Press Service"),
)
# Signatures of agencies next to names of authors; in running text these words have other meanings.
SIGNATURES = (
    *(
        "afp",
        "anp",
        "ansa",
        "ap",
        "apa",
        "ats",
        "belga",
        "bns",
        "bta",
        "cna",
        "čtk",
        "dapd",
        "ddp",
        "dpa",
        "dts",
        "elta",
    ),
    *("epd", "hina", "keystone-sda", "kna", "leta", "lsa", "mti", "ntb", "ots", "pap", "pti", "ritzau", "sda", "sid"),
    *("sta", "stt", "tanjug", "tt", "unian", "agencies", "agency", "agerpres", "europa press", "agencia efe", "télam"),
)
