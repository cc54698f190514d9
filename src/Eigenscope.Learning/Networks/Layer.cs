using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// One step of a network, a map from a row of <see cref="InputSize"/> entries to a row of <see cref="OutputSize"/>, given its parameters.
/// A layer states four things about a slice of samples: its value, its tangent, its pullback, and the curvature its pullback gains along a tangent. Gradient, Hessian,
/// Gauss–Newton, Fisher and Jacobian products all follow from these; a layer knows nothing of them.
/// </summary>
public abstract class Layer
{
    private protected Layer(string name, int inputSize, int outputSize)
    {
        Name = name;
        InputSize = inputSize;
        OutputSize = outputSize;
    }

    /// <summary>The layer's name; of a layer with parameters, the prefix of their names.</summary>
    public string Name { get; }

    /// <summary>Entries of one sample's input.</summary>
    public int InputSize { get; }

    /// <summary>Entries of one sample's output.</summary>
    public int OutputSize { get; }

    /// <summary>The layer's parameters, in the order in which they lie in the flat vector; empty for most.</summary>
    public abstract IReadOnlyList<ParameterBlock> Parameters { get; }

    /// <summary>
    /// Numbers that training keeps and measurements use but nobody differentiates: running means and variances. They lie after all parameters in a network's state; empty for most.
    /// </summary>
    public virtual IReadOnlyList<ParameterBlock> Statistics => [];

    /// <summary>Whether the output is a piecewise linear function of the input: no curvature almost everywhere.</summary>
    public abstract bool IsPiecewiseLinear { get; }

    /// <summary>Whether the output may take the input's place in memory: the layer never needs its input again.</summary>
    internal abstract bool ValueInPlace { get; }

    /// <summary>Whether the output's tangent may take the place of the input's.</summary>
    internal abstract bool TangentInPlace { get; }

    /// <summary>Whether the input's cotangent may take the place of the output's: the layer never needs the latter again.</summary>
    internal virtual bool CotangentInPlace => false;

    /// <summary>Whether products need the layer's output: then no layer above may work in its place.</summary>
    internal virtual bool KeepsOutput => false;

    /// <summary>Whether products need the loss's cotangent at the layer's input: then no layer below may overwrite it.</summary>
    internal virtual bool KeepsInputCotangent => false;

    /// <summary>Entries per sample that the layer keeps for itself between the value and the products.</summary>
    internal abstract int StashSize { get; }

    /// <summary>Throws where samples are not what the layer can take as the network's inputs; any finite number will do for most.</summary>
    internal virtual void RequireInputs(ReadOnlySpan<double> inputs)
    {
    }

    /// <summary>y ← f(x). With <paramref name="keep"/>, fills the stash.</summary>
    internal abstract void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>ẏ ← ∂f/∂x ẋ + ∂f/∂θ θ̇. An empty ẋ stands for zero.</summary>
    internal abstract void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// δx ← (∂f/∂x)ᵀ δy, unless δx is empty, and gradient += (∂f/∂θ)ᵀ δy for the parameters that <paramref name="wanted"/> names. δx may be δy in an elementwise layer.
    /// </summary>
    internal abstract void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Called once per linearisation, before the pullback of the loss's own cotangent overwrites it: keeps what <see cref="AddCurvature"/> will need.</summary>
    internal virtual void KeepCurvature<T>(LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    /// <summary>
    /// Adds the derivative of the pullback itself along (ẋ, θ̇), the loss's cotangent held fixed: to δ̇x unless it is empty, and to the gradient's wanted parameters.
    /// </summary>
    internal abstract void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
