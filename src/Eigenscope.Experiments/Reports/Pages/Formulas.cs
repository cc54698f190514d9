namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Definitions of what is drawn, in TeX; the same as those of the documentation.</summary>
internal static class Formulas
{
    public const string Variability =
        @"\mathrm{NC1} = \frac{\operatorname{tr}\Sigma_W}{\operatorname{tr}\Sigma_B}, \qquad \mathrm{CDNV} = \operatorname*{mean}_{c \ne c'} \frac{V_c + V_{c'}}{2\,\lVert \mu_c - \mu_{c'} \rVert^2}";

    public const string MeanGeometry =
        @"\frac{\operatorname{std}_c \lVert \mu_c - \mu_G \rVert}{\operatorname{mean}_c \lVert \mu_c - \mu_G \rVert}, \qquad \operatorname*{mean}_{c \ne c'} \Bigl| \cos \angle (\mu_c - \mu_G,\, \mu_{c'} - \mu_G) + \tfrac{1}{K-1} \Bigr|, \qquad \Bigl\lVert \tfrac{W}{\lVert W \rVert} - \tfrac{C}{\lVert C \rVert} \Bigr\rVert_F";

    public const string Ranks =
        @"\#\{ i : \sigma_i > 10^{-3} \sigma_1 \}, \qquad \frac{\lVert W \rVert_F^2}{\lVert W \rVert_2^2}, \qquad \exp\Bigl( -\sum_i p_i \ln p_i \Bigr), \; p_i = \frac{\sigma_i}{\sum_j \sigma_j}";

    public const string RankBound =
        @"\Bigl( \sum_{j>K} \sigma_j^2 \Bigr)^{1/2} \le \tfrac1\lambda \Bigl\lVert \sum_i \delta_i (z_i - \bar z_{c(i)})^{\top} \Bigr\rVert_F + \tfrac1\lambda \Bigl\lVert \sum_i \delta_i z_i^{\top} + \lambda W \Bigr\rVert_F";

    public const string Shares =
        @"\frac{\lVert \Pi_K g \rVert^2}{\lVert g \rVert^2}, \qquad \operatorname{corr}\bigl( W^{\top} W,\, \mathrm{AGOP}^{p} \bigr), \qquad \frac1N \#\{ i : \operatorname*{arg\,min}_c \lVert x_i - \mu_c \rVert = \hat y_i \}";

    public const string Alignment = @"\frac{\lVert \Pi_K\, g \rVert^2}{\lVert g \rVert^2}, \qquad g = \nabla \mathcal{L}, \quad \Pi_K \text{ onto the top } K \text{ eigenvectors of } \nabla^2 \mathcal{L}";

    public const string Hessian = @"\nabla^2_{w}\, \mathcal{L}\, v_j = \theta_j v_j, \qquad \mathcal{L} = \frac1N \sum_{i=1}^{N} \ell\bigl( f_w(x_i), y_i \bigr)";

    public const string ObjectiveHessian =
        @"\nabla^2_{w} \Bigl( \mathcal{L} + \tfrac12 \sum_b \lambda_b \lVert w_b \rVert^2 \Bigr) v_j = \theta_j v_j, \qquad \mathcal{L} = \frac1N \sum_{i=1}^{N} \ell\bigl( f_w(x_i), y_i \bigr)";

    public const string LayerHessian = @"\nabla^2_{W}\, \mathcal{L}\, v_j = \theta_j v_j, \qquad \mathcal{L} = \frac1N \sum_{i=1}^{N} \ell\bigl( f(x_i), y_i \bigr)";

    public const string GaussNewton = @"\frac1N \sum_{i=1}^{N} J_i^{\top} \bigl( \nabla^2_z \ell_i \bigr) J_i\, v_j = \theta_j v_j, \qquad J_i = \frac{\partial f(x_i)}{\partial w}";

    public const string Features = @"\frac1N \sum_{i} x_i x_i^{\top}, \qquad \frac1N \sum_{i} (x_i - \bar x)(x_i - \bar x)^{\top}";

    public const string SingularValues = @"W = \sum_j \sigma_j\, u_j v_j^{\top}, \qquad \nabla_{W} \mathcal{L} = \sum_j s_j\, a_j b_j^{\top}";

    public const string Weights = @"W_l = \sum_j \sigma_j\, u_j v_j^{\top}, \qquad \log_{10} \frac{\sigma_j}{\sigma_1}";

    public const string ClassMeanPrediction =
        @"\sum_c \tfrac{n_c}{N} \bigl( B_c^{\top} \bar\Lambda_c B_c \bigr) \otimes \mu_c \mu_c^{\top}, \qquad \tfrac1k \lVert \hat Q^{\top} Q \rVert_F^2, \qquad \frac{\lVert \Pi_{\mu^+ \otimes \mu}\, g \rVert^2}{\lVert g \rVert^2}";

    public const string Papyan =
        @"G = G_{\text{within}} + G_{\text{cross}} + G_{\text{class}}, \qquad \frac{\operatorname{tr} G_{\ast}}{\operatorname{tr} G}";

    public const string Errors = @"\frac1N \sum_i \delta_i \delta_i^{\top}, \qquad \delta_i = \frac{\partial \ell_i}{\partial z_i}, \;\; z_i \text{ the layer's output}";

    public const string ErrorsAndAgop = @"\frac1N \sum_i \delta_i \delta_i^{\top}, \;\; \delta_i = \frac{\partial \ell_i}{\partial (W x_i + b)}, \qquad \mathrm{AGOP} = \frac1N \sum_i J_i^{\top} J_i, \;\; J_i = \frac{\partial f}{\partial x_i}";

    public const string ErrorsAndCentredAgop = @"\frac1N \sum_i \delta_i \delta_i^{\top}, \;\; \delta_i = \frac{\partial \ell_i}{\partial (W x_i + b)}, \qquad \mathrm{AGOP} = \frac1N \sum_i (J_i - \bar J)^{\top} (J_i - \bar J), \;\; J_i = \frac{\partial f}{\partial x_i}";

    public const string Nfa = @"\operatorname{corr}\bigl( W^{\top} W,\, \mathrm{AGOP}^{p} \bigr), \qquad \mathrm{AGOP} = \frac1N \sum_i J_i^{\top} J_i, \;\; J_i = \frac{\partial f}{\partial x_i}";

    public const string CentredNfa = @"\operatorname{corr}\bigl( W^{\top} W,\, \mathrm{AGOP}^{p} \bigr), \qquad \mathrm{AGOP} = \frac1N \sum_i (J_i - \bar J)^{\top} (J_i - \bar J), \;\; J_i = \frac{\partial f}{\partial x_i}";

    public const string NfaChange = @"\operatorname{corr}\bigl( (W - W_0)^{\top} (W - W_0),\, \mathrm{AGOP}^{p} \bigr)";

    public const string RightShare = @"\frac{\ln \mathrm{NC1}(X) - \ln \mathrm{NC1}(S V^{\top} X)}{\ln \mathrm{NC1}(X) - \ln \mathrm{NC1}(\sigma(W X + b))}, \qquad W = U S V^{\top}";

    public const string Gram = @"\Bigl\langle \frac{x_i - \mu_G}{\lVert x_i - \mu_G \rVert},\, \frac{x_j - \mu_G}{\lVert x_j - \mu_G \rVert} \Bigr\rangle";

    public const string Objective = @"\mathcal{L}(w) + \tfrac{\lambda}{2} \sum_l \lVert W_l \rVert_F^2, \qquad \lVert \nabla \mathcal{L} \rVert";

    public const string Nc1 = @"\mathrm{NC1} = \frac{\operatorname{tr}\Sigma_W}{\operatorname{tr}\Sigma_B}";

    public const string Density =
        @"\frac1n \sum_i \frac{1}{\sigma\sqrt{2\pi}}\, e^{-(\lambda - \lambda_i)^2 / 2\sigma^2}";

    public const string LogDensity =
        @"\frac1n \sum_i \frac{1}{\sigma\sqrt{2\pi}}\, e^{-(s - s(\lambda_i))^2 / 2\sigma^2}, \qquad s(\lambda) = \frac{\operatorname{asinh}(\lambda / 2\tau)}{\ln 10}";

    public const string Origins =
        @"\frac{v^{\top} G_{\ast} v}{v^{\top} G v} > \tfrac12, \qquad G = G_{\text{within}} + G_{\text{cross}} + G_{\text{class}}";

    public const string EmpiricalFisher = @"\frac1N \sum_i g_i g_i^{\top} v_j = \theta_j v_j, \qquad g_i = \nabla_w \ell_i";

    public const string GradientCovariance = @"\frac1N \sum_i (g_i - \bar g)(g_i - \bar g)^{\top} v_j = \theta_j v_j, \qquad g_i = \nabla_w \ell_i";

    public const string LogitRank = @"\operatorname{rank} \bigl( m_1, \dots, m_K \bigr), \qquad m_c = \operatorname*{mean}_{i \in c} f(x_i)";

    public const string StableRank = @"\frac{\lVert W \rVert_F^2}{\lVert W \rVert_2^2}";

    public const string Overlap = @"\frac1K \bigl\lVert \hat Q_t^{\top} \hat Q_{t-1} \bigr\rVert_F^2, \qquad \hat Q_t \text{ the top } K \text{ eigenvectors at moment } t";

    public const string DeepRfmLayer =
        @"f(x) = \sum_i \alpha_i\, k(x, x_i), \quad (K + \mu I)\, \alpha = Y, \qquad M \propto \frac1N \sum_i \nabla f(x_i)\, \nabla f(x_i)^{\top}, \qquad X \mapsto X M^{1/2} \mapsto \Phi = \sigma(X M^{1/2} W^{\top})";

    public const string SimplexDistance =
        @"\frac1{K^2} \bigl\lVert U U^{\top} - \tfrac{K}{K-1} I + \tfrac1{K-1} \mathbf{1}\mathbf{1}^{\top} \bigr\rVert_F^2, \qquad u_c = \frac{\mu_c - \mu_G}{\lVert \mu_c - \mu_G \rVert}";

    public const string StepFactors =
        @"\frac{\mathrm{NC1}(X M^{1/2})}{\mathrm{NC1}(X)}, \qquad \frac{\mathrm{NC1}(\Phi)}{\mathrm{NC1}(X M^{1/2})}";

    public const string Agop = @"\frac1N \sum_{i} \sum_{c} \nabla f_c(x_i)\, \nabla f_c(x_i)^{\top}";

    public const string AgopDiagonal = @"\frac1N \sum_{i} \sum_{c} \Bigl( \frac{\partial f_c}{\partial x_j}(x_i) \Bigr)^{2}";

    public const string KernelMachine = @"f(x) = \sum_i \alpha_i\, k_M(x, x_i), \qquad (K_M + \mu I)\, \alpha = Y";

    public const string Misclassified = @"\frac1N \#\bigl\{ i : \operatorname*{arg\,max}_c f_c(x_i) \ne y_i \bigr\}, \qquad \pm \bigl( e\,(1-e) / N \bigr)^{1/2}";

    public const string SquaredLoss = @"\frac1{2N} \sum_i \lVert f(x_i) - y_i \rVert^2";

    public const string GrokAccuracy = @"\frac1N \#\{ i : \operatorname*{arg\,max}_c f_c(x_i) = y_i \}, \qquad f = \sum_i \alpha_i\, k_M(\cdot, x_i), \quad M_{t+1} = \mathrm{AGOP}(f_t)^{1/2}";

    public const string Circulant = @"\frac{q}{\lVert A \rVert_F^2} \sum_{k=1}^{q} \operatorname{Var}_i\, A_{i,\, k \pm i}";

    public const string CirculantAndAlignment = Circulant + @", \qquad \frac{\langle M_t, M_T \rangle}{\lVert M_t \rVert_F\, \lVert M_T \rVert_F}";

    public const string MetricBlock = @"A_{ba} = \bigl( M_t \bigr)_{p+b,\, a}, \qquad M_{t+1} = \Bigl( \frac1N \sum_i (J_i - \bar J)^{\top} (J_i - \bar J) \Bigr)^{1/2}, \quad J_i = \frac{\partial f_t(x_i)}{\partial x}";

    public const string SeedMean = @"\bar x = \frac1n \sum_s x_s, \qquad \pm \Bigl( \frac{1}{n(n-1)} \sum_s (x_s - \bar x)^2 \Bigr)^{1/2}";

    public const string NumericalRank = @"\#\{ i : \sigma_i > 10^{-3} \sigma_1 \}";

    public const string EffectiveRank = @"\exp\Bigl( -\sum_i p_i \ln p_i \Bigr), \; p_i = \frac{\sigma_i}{\sum_j \sigma_j}";

    public const string Tcv = @"\mathrm{TCV} = \operatorname{tr}\Sigma_W = \frac1N \sum_{c,i} \lVert x_{ci} - \mu_c \rVert^2";

    public const string Accuracy = @"\frac1N \#\{ i : \operatorname*{arg\,max}_c f_c(x_i) = y_i \}";

    public const string TcvBound =
        @"\Bigl( \sum_{j>K} \sigma_j^2 \Bigr)^{1/2} \le \tfrac1\lambda \Bigl\lVert \sum_i \delta_i (z_i - \bar z_{c(i)})^{\top} \Bigr\rVert_F + \text{slack} \le \tfrac1\lambda \Bigl( N \sum_i \lVert \delta_i \rVert^2 \Bigr)^{1/2} \mathrm{TCV}^{1/2} + \text{slack}";

    public const string Wilson = @"\frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}, \qquad p = \frac kn, \; z = 1.96";
}
