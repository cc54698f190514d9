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
/// Scopes are "all" or a parameter's name. Not safe for use from several threads at once; operators of one linearisation share its scratch.
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

    /// <summary>Bytes held in activations, cotangents and stashes; 0 when every product recomputes them.</summary>
    public abstract long ActivationBytes { get; }

    /// <summary>The Hessian ∂²/∂θ² of the data loss, in one scope; symmetric. At the kinks of ReLU its one-sided version with derivative 0.</summary>
    /// <param name="scope">"all" or a parameter's name.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">No such parameter.</exception>
    public abstract LinearOperator Hessian(string scope = "all");

    /// <summary>The generalised Gauss–Newton matrix Σ w_i J_iᵀ (∂²ℓ/∂z²)_i J_i, J_i the Jacobian of sample i's logits (Schraudolph 2002); positive semidefinite.</summary>
    /// <param name="scope">"all" or a parameter's name.</param>
    /// <returns>An operator on vectors of the scope's length.</returns>
    /// <exception cref="ArgumentException">No such parameter.</exception>
    public abstract LinearOperator GaussNewton(string scope = "all");

    /// <summary>The Jacobian of all logits: (N · outputs) × (scope's length); row i · outputs + k is the gradient of logit k of sample i.</summary>
    /// <param name="scope">"all" or a parameter's name.</param>
    /// <returns>A rectangular operator with its adjoint.</returns>
    /// <exception cref="ArgumentException">No such parameter.</exception>
    public abstract LinearOperator Jacobian(string scope = "all");

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
}
