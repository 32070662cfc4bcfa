"""Where the methods of integration come from, as the report prints it."""

from __future__ import annotations

FARMER = (
    "Farmer, T., Robinson, K., Elliott, S. J. and Eyles, J. (2006), Developing and implementing a triangulation protocol "
    "for qualitative health research. Qualitative Health Research 16(3), 377-394."
)
MAYNE = "Mayne, J. (2012), Contribution analysis: coming of age? Evaluation 18(3), 270-280."
PAWSON = "Pawson, R. and Tilley, N. (1997), Realistic Evaluation. London: Sage."
WONG = (
    "Wong, G., Westhorp, G., Manzano, A., Greenhalgh, J., Jagosh, J. and Greenhalgh, T. (2016), RAMESES II reporting "
    "standards for realist evaluations. BMC Medicine 14, 96."
)
MILES = "Miles, M. B., Huberman, A. M. and Saldana, J. (2014), Qualitative Data Analysis, 3rd ed. Thousand Oaks: Sage."
KENDALL = "Kendall, M. G. (1938), A new measure of rank correlation. Biometrika 30, 81-93."
JONCKHEERE = (
    "Jonckheere, A. R. (1954), A distribution-free k-sample test against ordered alternatives. Biometrika 41, 133-145."
)
PITMAN = (
    "Pitman, E. J. G. (1937), Significance tests which may be applied to samples from any populations. Supplement to the "
    "Journal of the Royal Statistical Society 4(1), 119-130."
)
LEWIN = (
    "Lewin, S., Booth, A., Glenton, C. et al. (2018), Applying GRADE-CERQual to qualitative evidence synthesis findings: "
    "introduction to the series. Implementation Science 13(Suppl 1), 2."
)
ZAKS = (
    "Zaks, S. (2021), Updating Bayesian(s): a critical evaluation of Bayesian process tracing. Political Analysis 29(1), "
    "58-74."
)
BEFANI = (
    "Befani, B. and Stedman-Bryce, G. (2017), Process tracing and Bayesian updating for impact evaluation. Evaluation "
    "23(1), 42-60."
)
JOHNSON = (
    "Johnson, R. E., Grove, A. L. and Clarke, A. (2019), Pillar integration process: a joint display technique to "
    "integrate data in mixed methods research. Journal of Mixed Methods Research 13(3), 301-320."
)
MORAN_ELLIS = (
    "Moran-Ellis, J., Alexander, V. D., Cronin, A. et al. (2006), Triangulation and integration: processes, claims and "
    "implications. Qualitative Research 6(1), 45-59."
)
GUETTERMAN = (
    "Guetterman, T. C., Fetters, M. D. and Creswell, J. W. (2015), Integrating quantitative and qualitative results in "
    "health science mixed methods research through joint displays. Annals of Family Medicine 13(6), 554-561."
)
WASSERMAN = (
    "Wasserman, S. and Faust, K. (1994), Social Network Analysis: Methods and Applications. Cambridge: Cambridge University "
    "Press (density, mutual and asymmetric dyads)."
)
SQUARTINI = (
    "Squartini, T., Picciolo, F., Ruzzenenti, F. and Garlaschelli, D. (2013), Reciprocity of weighted networks. Scientific "
    "Reports 3, 2729."
)
