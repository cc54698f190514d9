using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Receives the logit Jacobians of consecutive samples.</summary>
/// <param name="firstSample">Index of the first sample of the slice.</param>
/// <param name="jacobians">(samples · outputs) × d; row i · outputs + k is the gradient of logit k of the slice's sample i.</param>
public delegate void JacobianSlice(int firstSample, ReadOnlyMatrixSpan<double> jacobians);

/// <summary>
/// One forward and one backward pass of an objective at fixed parameters, kept. Derivative products replay only tangents: a Hessian product costs six matrix products a layer
/// (two in the first), and never recomputes a primal value unless the activations did not fit <see cref="ObjectiveOptions.ActivationBudget"/>.
/// A scope is "all", a parameter's name, a layer's name, or a pattern over parameter names like "stage1.*": see <see cref="ParameterScope.Resolve"/>. Sums weigh sample i by the objective's w_i
/// (1/N unless said), so that every matrix is that of the whole data set whatever the slices. Weight decay is not in them: see <see cref="Training.WeightDecayOperators"/>. Not safe for use from several threads at once; operators of one linearisation share its scratch.
/// Disposing it hands its memory to the objective's next linearisation; its operators cannot be used afterwards. Leaving that to the garbage collector is safe, but slower.
/// </summary>
public abstract class Linearization : IDisposable
{
    private protected Linearization(Objective objective) => Objective = objective;

    /// <summary>Hands the memory back; more than once does nothing.</summary>
    public abstract void Dispose();

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>Loss and accuracy there.</summary>
    public LossValue Value { get; private protected set; }

    /// <summary>Gradient of the data loss there, p entries; summed when first asked for (one matrix product a layer), which must be before disposing.</summary>
    public abstract ReadOnlyMemory<double> Gradient { get; }

    /// <summary>The network's state where it was linearised, as the network computes with it: rounded to its precision.</summary>
    /// <returns>A copy, as many entries as <see cref="Objective.Linearize"/> was given.</returns>
    public abstract double[] Parameters();

    /// <summary>Bytes held in activations, cotangents and stashes; 0 when every product recomputes them.</summary>
    public abstract long ActivationBytes { get; }

    /// <summary>The Hessian ∂²/∂θ² of the data loss, in one scope; symmetric. At the kinks of ReLU its one-sided version with derivative 0.</summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public abstract LinearOperator Hessian(string scope = ParameterScope.AllName);

    /// <summary>The generalised Gauss–Newton matrix Σ w_i J_iᵀ (∂²ℓ/∂z²)_i J_i, J_i the Jacobian of sample i's logits (Schraudolph 2002); positive semidefinite.</summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public abstract LinearOperator GaussNewton(string scope = ParameterScope.AllName);

    /// <summary>
    /// The Fisher information with labels drawn from the model's own prediction, Σ w_i E_y[∇log p(y | x_i) ∇log p(y | x_i)ᵀ]. For both losses it is the Gauss–Newton matrix (Martens, 1412.1193, §9):
    /// cross-entropy is the negative log-likelihood of the softmax, the mean squared error that of a normal distribution of unit variance. The same operator is returned.
    /// </summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public LinearOperator Fisher(string scope = ParameterScope.AllName) => GaussNewton(scope);

    /// <summary>
    /// The "empirical Fisher" Σ w_i g_i g_iᵀ, g_i = ∇ℓ_i the gradient of the unweighted loss of sample i with its own label: the second moment of gradients, not the Fisher information and not an approximation of the
    /// Hessian in general (Kunstner, Balles and Hennig, 1905.12558). Positive semidefinite. A product costs what a Gauss–Newton product costs.
    /// </summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public abstract LinearOperator EmpiricalFisher(string scope = ParameterScope.AllName);

    /// <summary>
    /// The covariance of gradients, Σ w_i (g_i − ḡ)(g_i − ḡ)ᵀ with ḡ = Σ w_i g_i / Σ w_i; divided by N where the weights are 1/N, not by N − 1. Without the mean taken off it is <see cref="EmpiricalFisher"/>.
    /// Positive semidefinite. A product costs what a Gauss–Newton product costs; the gradient is summed when the operator is made.
    /// </summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <param name="centred">Whether the mean is taken off. Default true.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public abstract LinearOperator GradientCovariance(string scope = ParameterScope.AllName, bool centred = true);

    /// <summary>
    /// The Jacobian of all logits: (N · outputs) × (scope's length); row i · outputs + k is the gradient of logit k of sample i. Of the layer whose curvature was last asked for it uses the logit Jacobians kept for that
    /// (<see cref="ObjectiveOptions.JacobianBudget"/>), so that no product goes through the network above.
    /// </summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <returns>A rectangular operator with its adjoint.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public abstract LinearOperator Jacobian(string scope = ParameterScope.AllName);

    /// <summary>The same in any set of parameters.</summary>
    /// <param name="scope">A scope of this network.</param>
    /// <returns>A rectangular operator with its adjoint.</returns>
    /// <exception cref="ArgumentException">The scope is another network's.</exception>
    public abstract LinearOperator Jacobian(ParameterScope scope);

    /// <summary>
    /// The empirical neural tangent kernel J Jᵀ (Jacot, Gabriel and Hongler, 1806.07572), J the <see cref="Jacobian(string)"/>: entry (i · outputs + k, j · outputs + l) is the inner product of the gradients of logit k of
    /// sample i and logit l of sample j. Samples are not weighed. Positive semidefinite. A product is one with Jᵀ and one with J.
    /// </summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <returns>An operator on vectors of N · outputs entries.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public LinearOperator NeuralTangentKernel(string scope = ParameterScope.AllName) => new NeuralTangentKernelOperator(Jacobian(scope));

    /// <summary>Walks the rows of the <see cref="Jacobian(string)"/> explicitly, in order of the samples, a few samples at a time: as many as fit about 32 MB, at least one.</summary>
    /// <param name="scope">"all", a parameter, a layer or a pattern.</param>
    /// <param name="visit">Called on the calling thread with (samples · outputs) × (scope's length) entries; the view is valid during the call only. It must not ask this linearisation for anything.</param>
    /// <exception cref="ArgumentException">Nothing is in the scope.</exception>
    public abstract void VisitJacobians(string scope, JacobianSlice visit);

    /// <summary>The input of the l-th weight layer.</summary>
    /// <param name="weightLayer">Index in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <returns>N × inputs.</returns>
    public abstract Tensor<double> LayerInput(int weightLayer);

    /// <summary>Backpropagated errors: cotangents w_i ∂ℓ_i/∂(output of the l-th weight layer), before the activation.</summary>
    /// <param name="weightLayer">Index in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <returns>N × outputs; the rows sum to the gradient of the layer's bias.</returns>
    public abstract Tensor<double> OutputCotangents(int weightLayer);

    /// <summary>The logits.</summary>
    /// <returns>N × outputs.</returns>
    public abstract Tensor<double> Logits();

    /// <summary>Walks the Jacobians of the logits in the output of the l-th weight layer (before its activation), in order of the samples.</summary>
    /// <param name="weightLayer">Index in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <param name="visit">Called on the calling thread, slice after slice; the view is valid during the call only.</param>
    public abstract void VisitOutputJacobians(int weightLayer, JacobianSlice visit);

    /// <summary>
    /// Walks the Jacobians of the logits in what enters the l-th weight layer, in order of the samples: the total derivative J_i = ∂z_i/∂x_i, along every path from there to the logits, other layers that read the same
    /// numbers included (a shortcut around the layer). For an <see cref="AgopAccumulator"/>, where d is small. Memory is that of one slice of samples, outputs × d numbers each.
    /// </summary>
    /// <param name="weightLayer">Index in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <param name="visit">Called on the calling thread, slice after slice; the view is valid during the call only.</param>
    public abstract void VisitInputJacobians(int weightLayer, JacobianSlice visit);

    /// <summary>
    /// The average gradient outer product (Radhakrishnan et al., Science 2024) at the input of the l-th weight layer: (1/N) Σ J_iᵀ J_i, J_i of shape K × d the Jacobians of <see cref="VisitInputJacobians"/>;
    /// centred, (1/N) Σ (J_i − J̄)ᵀ(J_i − J̄) with J̄ their mean. A plain mean over samples, which are not weighed, and sum over the K outputs; no other scaling. Positive semidefinite, of rank N·K at most. A product sends one tangent up from
    /// there and pulls one cotangent back, which costs what a Gauss–Newton product of the layers above costs; J̄ is found when the operator is made, by one pass down for each logit.
    /// </summary>
    /// <param name="weightLayer">Index in <see cref="Network.WeightLayers"/>, from 0; of any kind.</param>
    /// <param name="centring">Whether the mean Jacobian is taken off. Default none.</param>
    /// <returns>An operator on vectors of the layer's input size d.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such layer, or no such centring.</exception>
    public abstract LinearOperator Agop(int weightLayer, Centring centring = Centring.None);

    /// <summary>Traces of the operators that <see cref="Agop"/> gives, exact to rounding: (1/N) Σ ‖J_i‖²_F, centred (1/N) Σ ‖J_i − J̄‖²_F. One pass down for each logit serves all the layers; one more where J̄ is taken off.</summary>
    /// <param name="weightLayers">Indices in <see cref="Network.WeightLayers"/>, from 0; at least one.</param>
    /// <param name="centring">Whether the mean Jacobian is taken off. Default none.</param>
    /// <returns>A trace for each layer, in their order.</returns>
    /// <exception cref="ArgumentException">No layers, no such layer, or no such centring.</exception>
    public abstract IReadOnlyList<double> AgopTraces(IReadOnlyList<int> weightLayers, Centring centring = Centring.None);

    /// <summary>Means over groups of samples of what enters the l-th weight layer; unlike <see cref="LayerInput"/> in memory that does not grow with N.</summary>
    /// <param name="weightLayer">Index in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <param name="groups">Group of each sample, 0 … count − 1; every group has a sample.</param>
    /// <param name="count">Number of groups, ≥ 1.</param>
    /// <returns>count × inputs; every sample of a group weighs the same.</returns>
    /// <exception cref="ArgumentException">Groups that do not fit the samples, or one without samples.</exception>
    public abstract Tensor<double> MeanLayerInputs(int weightLayer, ReadOnlySpan<int> groups, int count);

    /// <summary>
    /// Means over groups of samples of the logits' Jacobians in the outputs of weight layers (before their activation), in memory that does not grow with N. One pass down for each logit serves all the layers.
    /// </summary>
    /// <param name="weightLayers">Indices in <see cref="Network.WeightLayers"/>, from 0; at least one.</param>
    /// <param name="groups">Group of each sample, 0 … count − 1; every group has a sample.</param>
    /// <param name="count">Number of groups, ≥ 1.</param>
    /// <returns>For each layer count × outputs × (the layer's output size); every sample of a group weighs the same.</returns>
    /// <exception cref="ArgumentException">No layers or no such layer, groups that do not fit the samples, or one without samples.</exception>
    public abstract IReadOnlyList<Tensor<double>> MeanOutputJacobians(IReadOnlyList<int> weightLayers, ReadOnlySpan<int> groups, int count);
}
