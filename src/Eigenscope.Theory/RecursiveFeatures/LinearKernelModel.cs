using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.RecursiveFeatures;

/// <summary>
/// The model of the mechanism by which deep recursive feature machines collapse (arXiv 2402.13728), with a linear kernel: the Gram matrix of N samples before a layer, rows of unit norm, and what a layer makes of it.
/// With G = XXᵀ and targets Y (N × K), ridge regression has the coefficients α = (G + λ_k I)⁻¹ Y; the average gradient outer product is XᵀααᵀX, the same at every sample, and the Gram matrix of X·AGOP^½ is
/// G α αᵀ G = G (G + λ_k I)⁻¹ YYᵀ (G + λ_k I)⁻¹ G. It is divided by its mean diagonal, the non-linear random features add λ_Φ I, and rows are brought back to unit norm: G_ij / √(G_ii G_jj).
/// No features are drawn, so that the whole sequence is a function of G, Y and the two constants. Iterated, it tends to YYᵀ, collapse.
/// </summary>
public sealed class LinearKernelModel
{
    private const double Epsilon = 2.220446049250313e-16;
    private readonly Tensor<double> _targets;
    private readonly LinearKernelOptions _options;
    private readonly Compute _compute;

    private LinearKernelModel(int step, Tensor<double> gram, Tensor<double> targets, LinearKernelOptions options, Compute compute)
    {
        (Step, Gram, _targets, _options, _compute) = (step, gram, targets, options, compute);
        Distance = DistanceTo(gram, Product(targets, compute));
    }

    /// <summary>Number of layers passed, from 0.</summary>
    public int Step { get; }

    /// <summary>G, N × N, symmetric with unit diagonal.</summary>
    public Tensor<double> Gram { get; }

    /// <summary>‖G − YYᵀ‖_F / ‖YYᵀ‖_F.</summary>
    public double Distance { get; }

    /// <summary>Starts before the first layer.</summary>
    /// <param name="gram">Gram matrix of the samples, N × N, symmetric and positive semidefinite to rounding, with a positive diagonal; it is brought to unit diagonal, as of rows of unit norm.</param>
    /// <param name="targets">Y, N × K, finite and not zero: one-hot for the distance to be that from collapse.</param>
    /// <param name="options">The two constants.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>Step 0.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, an entry is not finite, the Gram matrix is not symmetric or has a diagonal entry that is not positive, the targets are zero, or a constant is not positive.</exception>
    public static LinearKernelModel Start(Tensor<double> gram, Tensor<double> targets, LinearKernelOptions options, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(gram);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        CheckGram(gram);
        CheckTargets(targets, gram.Rows);
        CheckOptions(options);
        Tensor<double> normalized = gram.Clone();
        ToUnitDiagonal(normalized);
        return new LinearKernelModel(0, normalized, targets.Clone(), options, compute);
    }

    /// <summary>Passes one layer.</summary>
    /// <returns>The model before the next layer; this one is left as it is.</returns>
    /// <exception cref="InvalidOperationException">The regression fits nothing of the targets, so that no features are left.</exception>
    public LinearKernelModel Next()
    {
        Tensor<double> next = Product(Fit(), _compute);
        double mean = 0.0;
        for (int i = 0; i < next.Rows; i++)
            mean += next[i, i] / next.Rows;
        if (!(mean > 0.0))
            throw new InvalidOperationException("the targets are orthogonal to everything that the Gram matrix can fit, so no features are left; check that samples and targets belong together");
        TensorPrimitives.Divide(next.Span, mean, next.Span);
        for (int i = 0; i < next.Rows; i++)
            next[i, i] += _options.FeatureRidge;
        ToUnitDiagonal(next);
        return new LinearKernelModel(Step + 1, next, _targets, _options, _compute);
    }

    /// <summary>G (G + λ_k I)⁻¹ Y, the fitted values, through the eigenvectors of G; what rounding leaves below 0 of its eigenvalues is 0.</summary>
    private Tensor<double> Fit()
    {
        Tensor<double> vectors = Gram.Clone(), coefficients = new(Gram.Rows, _targets.Columns), fit = new(Gram.Rows, _targets.Columns);
        double[] values = new double[Gram.Rows];
        _compute.Blas.SymmetricEigen(vectors.AsMatrix(), values);
        _compute.Multiply(1.0, vectors.AsMatrix(), MatrixOp.None, _targets.AsMatrix(), MatrixOp.None, 0.0, coefficients.AsMatrix());
        for (int i = 0; i < values.Length; i++)
        {
            double value = Math.Max(values[i], 0.0);
            TensorPrimitives.Multiply(coefficients.Row(i), value / (value + _options.KernelRidge), coefficients.Row(i));
        }
        _compute.Multiply(1.0, vectors.AsMatrix(), MatrixOp.Transpose, coefficients.AsMatrix(), MatrixOp.None, 0.0, fit.AsMatrix());
        return fit;
    }

    private static Tensor<double> Product(Tensor<double> rows, Compute compute)
    {
        Tensor<double> product = new(rows.Rows, rows.Rows);
        compute.Multiply(1.0, rows.AsMatrix(), MatrixOp.None, rows.AsMatrix(), MatrixOp.Transpose, 0.0, product.AsMatrix());
        return product;
    }

    private static double DistanceTo(Tensor<double> gram, Tensor<double> collapsed)
    {
        double size = TensorPrimitives.Norm<double>(collapsed.Span);
        TensorPrimitives.Subtract(gram.Span, collapsed.Span, collapsed.Span);
        return TensorPrimitives.Norm<double>(collapsed.Span) / size;
    }

    private static void ToUnitDiagonal(Tensor<double> gram)
    {
        double[] norms = new double[gram.Rows];
        for (int i = 0; i < norms.Length; i++)
            norms[i] = Math.Sqrt(gram[i, i]);
        for (int i = 0; i < norms.Length; i++)
        {
            TensorPrimitives.Divide(gram.Row(i), norms, gram.Row(i));
            TensorPrimitives.Divide(gram.Row(i), norms[i], gram.Row(i));
        }
    }

    private static void CheckGram(Tensor<double> gram)
    {
        MatrixGuard.NotEmpty(gram.AsMatrix(), nameof(gram));
        MatrixGuard.Shape(gram.AsMatrix(), gram.Rows, gram.Rows, nameof(gram));
        MatrixGuard.Finite(gram.AsMatrix(), nameof(gram));
        double tolerance = gram.Rows * Epsilon * TensorPrimitives.MaxMagnitude<double>(gram.Span);
        for (int i = 0; i < gram.Rows; i++)
        {
            if (!(gram[i, i] > 0.0))
                throw new ArgumentException($"expected a positive diagonal, but sample {i} has the squared norm {gram[i, i]}; leave out samples that are zero", nameof(gram));
            for (int j = 0; j < i; j++)
            {
                if (Math.Abs(gram[i, j] - gram[j, i]) > tolerance)
                    throw new ArgumentException($"expected a symmetric matrix, but entries ({i}, {j}) and ({j}, {i}) are {gram[i, j]} and {gram[j, i]}", nameof(gram));
            }
        }
    }

    private static void CheckTargets(Tensor<double> targets, int samples)
    {
        MatrixGuard.NotEmpty(targets.AsMatrix(), nameof(targets));
        MatrixGuard.Shape(targets.AsMatrix(), samples, targets.Columns, nameof(targets));
        MatrixGuard.Finite(targets.AsMatrix(), nameof(targets));
        if (TensorPrimitives.MaxMagnitude<double>(targets.Span) == 0.0)
            throw new ArgumentException("expected targets that are not all zero", nameof(targets));
    }

    private static void CheckOptions(LinearKernelOptions options)
    {
        if (!(options.KernelRidge > 0.0 && double.IsFinite(options.KernelRidge) && options.FeatureRidge > 0.0 && double.IsFinite(options.FeatureRidge)))
            throw new ArgumentException($"expected finite λ_k > 0 and λ_Φ > 0, got {options.KernelRidge} and {options.FeatureRidge}", nameof(options));
    }
}
