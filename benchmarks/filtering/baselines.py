"""What simple and published methods reach on the same data, as measured for the reference."""

N = "–"
BASELINES: dict[str, list[list[object]]] = {
    "videos": [
        ["word counts + LR (TubeSpam's)", 0.937, 0.938, 0.875, 0.977, 0.098, 0.512, 0.777, N],
        ["hashing + SGD", 0.942, 0.944, 0.884, 0.986, 0.230, 0.763, 0.877, N],
        ["combo (scikit-learn)", 0.947, 0.948, 0.895, 0.987, 0.221, 0.776, 0.864, N],
        ["pure: numpy-free AdaGrad", 0.950, 0.951, 0.901, 0.989, 0.245, 0.848, 0.874, N],
        ["SpamAssassin Bayes", 0.700, 0.771, 0.477, 0.930, 0.177, 0.276, 0.368, N],
        ["bogofilter", 0.655, 0.746, 0.400, 0.911, 0.157, 0.230, 0.382, N],
    ],
    "tricks": [
        ["char LR", 0.801, 0.308, N, 0.192, 0.297, 0.145, N, 0.680, 0.801, 0.410, 0.463, 0.720,
         0.546, 0.434, N, 0.0, 0.416],
        ["combo, trained on copies", 0.832, 0.827, 0.865, 0.855, 0.763, 0.753, N, 0.768, 0.835,
         0.846, 0.639, 0.727, N, N, N, 0.639, 0.788],
        ["pure", 0.874, 0.754, 0.792, 0.695, 0.773, 0.600, N, 0.823, 0.878, 0.820, 0.591, 0.781,
         0.724, 0.760, N, 0.591, 0.749],
    ],
    "times": [
        ["TubeSpam's best single, of each class", 0.912, N, N],
        ["hashing SGD, of each class", 0.935, 0.951, 0.017],
        ["pure, in time", 0.916, 0.958, 0.033],
    ],
    "sources": [
        ["combo on unseen videos, all dev data", N, N, N, 0.943, N, N, 0.45, 0.098, N, N, N],
        ["blend of four on unseen videos", N, N, N, 0.969, N, N, 0.66, N, N, N, N],
        ["combo on news", N, N, N, N, N, N, N, 0.015, 0.001, 0.0225, N],
    ],
    "sites": [
        ["yt_unseen, site LR + default", "100", 0.975, 0.70, N, N],
        ["yt_unseen, site LR + default", "300", 0.983, 0.77, N, N],
        ["id_gambling, site LR + default", "100", 0.927, 0.61, N, N],
        ["article_seo, site LR + default", "100", 0.898, 0.34, N, N],
    ],
    "cost": [["pure", "1,050,000", 0.09, N, N, "816", N, 7.0]],
}  # fmt: skip
