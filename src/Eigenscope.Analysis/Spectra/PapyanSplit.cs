using System.Globalization;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Features;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>One part of a layer's Gauss–Newton matrix.</summary>
/// <param name="Rank">Number of eigenvalues above <see cref="PapyanSplit.RankTolerance"/> times the largest of the whole matrix.</param>
/// <param name="Trace">Its trace.</param>
/// <param name="Eigenvalues">Its largest eigenvalues, descending, at most K o; empty where the split was not computed.</param>
public sealed record PapyanPart(Number Rank, Number Trace, IReadOnlyList<double> Eigenvalues);

/// <summary>
/// A dense layer's Gauss–Newton matrix as the sum of three positive semidefinite parts (after Papyan, "Traces of class/cross-class structure pervade deep learning spectra", JMLR 21, 2020). With S_iᵀ S_i the
/// loss's Hessian in the logits of sample i (S = I for the mean squared error, rows √p_k (e_k − p)ᵀ for cross-entropy), G = (1/N) Σ_i Σ_k g_ik g_ikᵀ, g_ik = (S_i J_i)ᵀ e_k ⊗ h_i. With ḡ_ck the mean over the
/// samples of class c and ḡ_c the mean of ḡ_ck over all o logits k, the own one included, G is exactly
/// <c>(1/N) Σ_ik (g_ik − ḡ_ck)(…)ᵀ + Σ_c (n_c/N) Σ_k (ḡ_ck − ḡ_c)(…)ᵀ + Σ_c (n_c/N) o ḡ_c ḡ_cᵀ</c>: within-class, cross-class and class part.
/// At the optimum of the deep linear unconstrained feature model with the mean squared error their ranks are 0, K (K − 1) and K, and the images of the last two are orthogonal (arXiv 2404.06106).
/// Everything comes from the Gram matrix of the N o vectors, so it is computed where N o ≤ <see cref="LargestGram"/>.
/// </summary>
/// <param name="Trace">Trace of G.</param>
/// <param name="WithinClass">Deviations of samples from the mean of their class and logit.</param>
/// <param name="CrossClass">Deviations of those means from the mean over logits.</param>
/// <param name="Class">Means over logits.</param>
/// <param name="ClassCrossCosine">tr(A B) / (‖A‖_F ‖B‖_F) of the cross-class and the class part: 0 exactly where their images are orthogonal; undefined where one of them is zero.</param>
public sealed record PapyanSplit(Number Trace, PapyanPart WithinClass, PapyanPart CrossClass, PapyanPart Class, Number ClassCrossCosine)
{
    /// <summary>Eigenvalues at or below this share of the whole matrix's largest do not count in a rank.</summary>
    public const double RankTolerance = 1e-10;

    /// <summary>Largest N o for which the split is computed.</summary>
    public const int LargestGram = 2000;

    /// <summary>Measures the split.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters, each of weight 1/N.</param>
    /// <param name="weightLayer">Index of the layer in <see cref="Learning.Networks.Network.WeightLayers"/>, from 0.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The split; its numbers are undefined, with the reason, where N o exceeds <see cref="LargestGram"/>.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples, features that are not finite, or no such layer.</exception>
    public static PapyanSplit Measure(Linearization linearization, int weightLayer, ReadOnlySpan<int> labels, int classes, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(compute);
        Tensor<double> features = linearization.LayerInput(weightLayer);
        ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), labels, classes);
        int logits = linearization.Objective.Network.OutputSize;
        if ((long)features.Rows * logits > LargestGram)
            return Undefined(string.Create(CultureInfo.InvariantCulture, $"samples times logits are {(long)features.Rows * logits}, above the {LargestGram} for which the split is computed"));
        Tensor<double> gram = Gram(linearization, weightLayer, features, compute);
        int[] groups = new int[gram.Rows];
        for (int row = 0; row < groups.Length; row++)
            groups[row] = (labels[row / logits] * logits) + (row % logits);
        return Split(gram, groups, [.. statistics.Counts], logits, compute);
    }

    // ⟨a ⊗ h, b ⊗ h'⟩ = ⟨a, b⟩⟨h, h'⟩: two small Gram matrices, multiplied entry by entry.
    private static Tensor<double> Gram(Linearization linearization, int weightLayer, Tensor<double> features, Compute compute)
    {
        int logits = linearization.Objective.Network.OutputSize;
        int outputs = linearization.Objective.Network.WeightLayers[weightLayer].OutputSize;
        Tensor<double> values = linearization.Logits();
        Tensor<double> backward = new(features.Rows * logits, outputs);
        linearization.VisitOutputJacobians(weightLayer, (first, jacobians) =>
        {
            for (int start = 0; start < jacobians.Rows; start += logits)
            {
                int sample = first + (start / logits);
                linearization.Objective.Loss.MultiplyHessianFactor(values.Row(sample), jacobians.RowRange(start, logits), backward.AsMatrix().RowRange(sample * logits, logits));
            }
        });
        Tensor<double> gram = Products(backward, compute);
        Tensor<double> inputs = Products(features, compute);
        for (int row = 0; row < gram.Rows; row++)
        {
            for (int column = 0; column < gram.Columns; column++)
                gram[row, column] *= inputs[row / logits, column / logits] / features.Rows;
        }
        return gram;
    }

    private static PapyanSplit Split(Tensor<double> gram, int[] groups, int[] counts, int logits, Compute compute)
    {
        Tensor<double> averages = Averages(groups, counts, logits);
        Tensor<double> rows = Product(averages, MatrixOp.None, gram, MatrixOp.None, compute);
        Tensor<double> means = Product(rows, MatrixOp.None, averages, MatrixOp.Transpose, compute);
        Tensor<double> within = Within(gram, rows, means, groups);
        (Tensor<double> cross, Tensor<double> own, double inner) = Between(means, counts, logits, compute);
        double largest = PositiveSemidefinite.Eigenvalues(gram.AsMatrix(), compute)[0];
        int listed = counts.Length * logits;
        PapyanPart crossPart = Part(cross, largest, listed, compute), classPart = Part(own, largest, listed, compute);
        bool zero = crossPart.Rank.Value is 0.0 || classPart.Rank.Value is 0.0;
        double norms = Math.Sqrt(Reductions.SumOfSquares(cross.AsMatrix()) * Reductions.SumOfSquares(own.AsMatrix()));
        Number cosine = zero ? Number.Undefined("the class part or the cross-class part is zero") : Number.Of(inner / norms);
        return new PapyanSplit(Number.Of(TraceOf(gram)), Part(within, largest, listed, compute), crossPart, classPart, cosine);
    }

    /// <summary>Row (c, k) holds 1/n_c at the vectors (i, k) of class c.</summary>
    private static Tensor<double> Averages(int[] groups, int[] counts, int logits)
    {
        Tensor<double> averages = new(counts.Length * logits, groups.Length);
        for (int row = 0; row < groups.Length; row++)
            averages[groups[row], row] = 1.0 / counts[groups[row] / logits];
        return averages;
    }

    private static Tensor<double> Within(Tensor<double> gram, Tensor<double> rows, Tensor<double> means, int[] groups)
    {
        Tensor<double> within = new(gram.Rows, gram.Columns);
        for (int i = 0; i < gram.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
                within[i, j] = within[j, i] = gram[i, j] - rows[groups[i], j] - rows[groups[j], i] + means[groups[i], groups[j]];
        }
        return within;
    }

    /// <summary>Gram matrices of √n_c (ḡ_ck − ḡ_c) and of √(n_c o) ḡ_c, the mean over samples already in the inner products, and the squared Frobenius norm of what lies between the two.</summary>
    private static (Tensor<double> Cross, Tensor<double> Class, double Inner) Between(Tensor<double> means, int[] counts, int logits, Compute compute)
    {
        int classes = counts.Length;
        Tensor<double> toClass = new(classes, classes * logits), toCross = new(classes * logits, classes * logits);
        for (int c = 0; c < classes; c++)
        {
            for (int k = 0; k < logits; k++)
            {
                toClass[c, (c * logits) + k] = Math.Sqrt((double)counts[c] / logits);
                for (int j = 0; j < logits; j++)
                    toCross[(c * logits) + k, (c * logits) + j] = Math.Sqrt(counts[c]) * ((k == j ? 1.0 : 0.0) - (1.0 / logits));
            }
        }
        Tensor<double> classRows = Product(toClass, MatrixOp.None, means, MatrixOp.None, compute);
        Tensor<double> crossRows = Product(toCross, MatrixOp.None, means, MatrixOp.None, compute);
        Tensor<double> between = Product(classRows, MatrixOp.None, toCross, MatrixOp.Transpose, compute);
        return (Product(crossRows, MatrixOp.None, toCross, MatrixOp.Transpose, compute), Product(classRows, MatrixOp.None, toClass, MatrixOp.Transpose, compute), Reductions.SumOfSquares(between.AsMatrix()));
    }

    private static PapyanPart Part(Tensor<double> gram, double largest, int listed, Compute compute)
    {
        double[] values = PositiveSemidefinite.Eigenvalues(gram.AsMatrix(), compute);
        return new PapyanPart(Number.Of(values.Count(value => value > RankTolerance * largest)), Number.Of(TraceOf(gram)), values[..Math.Min(listed, values.Length)]);
    }

    private static double TraceOf(Tensor<double> matrix)
    {
        double trace = 0.0;
        for (int i = 0; i < matrix.Rows; i++)
            trace += matrix[i, i];
        return trace;
    }

    private static Tensor<double> Products(Tensor<double> rows, Compute compute) => Product(rows, MatrixOp.None, rows, MatrixOp.Transpose, compute);

    private static Tensor<double> Product(Tensor<double> a, MatrixOp opA, Tensor<double> b, MatrixOp opB, Compute compute)
    {
        Tensor<double> product = new(opA == MatrixOp.None ? a.Rows : a.Columns, opB == MatrixOp.None ? b.Columns : b.Rows);
        compute.Multiply(1.0, a.AsMatrix(), opA, b.AsMatrix(), opB, 0.0, product.AsMatrix());
        return product;
    }

    private static PapyanSplit Undefined(string reason)
    {
        Number missing = Number.Undefined(reason);
        PapyanPart part = new(missing, missing, []);
        return new PapyanSplit(missing, part, part, part, missing);
    }
}
