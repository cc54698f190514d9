using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Gram matrices of the K o mean gradients √Ω_ck ḡ_ck in several scopes. They add over parameters: each parameter's gradients are formed once, in as few walks as the budget allows, whatever the number of scopes it
/// is in, and no scope is too large as long as each of its parameters fits.
/// </summary>
internal sealed class MeanGradientGrams(Linearization linearization, LogitFactors factors, ClassLogits classes, Compute compute, CancellationToken cancellation)
{
    private int Rows => classes.Classes * factors.Logits;

    /// <summary>One K o × K o matrix for each scope; null for one with a parameter beyond the budget, and for all after a cancellation.</summary>
    /// <param name="scopes">The scopes; they may overlap.</param>
    /// <param name="budget">Bytes that the mean gradients may take at a time.</param>
    public Tensor<double>?[] Measure(IReadOnlyList<ParameterScope> scopes, long budget)
    {
        Tensor<double>?[] grams = [.. scopes.Select(scope => scope.Blocks.All(block => Fits(block.Length, budget)) ? new Tensor<double>(Rows, Rows) : null)];
        ParameterBlock[] wanted = [.. linearization.Objective.Network.Blocks.Where(block => scopes.Where((_, index) => grams[index] is not null).Any(scope => scope.Blocks.Contains(block)))];
        for (int first = 0; first < wanted.Length;)
        {
            int end = first + 1, length = wanted[first].Length;
            while (end < wanted.Length && Fits(length + wanted[end].Length, budget))
                length += wanted[end++].Length;
            Add(ParameterScope.Of(linearization.Objective.Network, "some", wanted[first..end]), scopes, grams);
            first = end;
        }
        return cancellation.IsCancellationRequested ? new Tensor<double>?[scopes.Count] : grams;
    }

    private bool Fits(int length, long budget) => (long)Rows * length * sizeof(double) <= budget && (long)Rows * length <= Array.MaxLength;

    private void Add(ParameterScope some, IReadOnlyList<ParameterScope> scopes, Tensor<double>?[] grams)
    {
        Tensor<double> means = ClassLogitGradients.Measure(linearization, some, factors, classes, cancellation);
        if (cancellation.IsCancellationRequested)
            return;
        int start = 0;
        foreach (ParameterBlock block in some.Blocks)
        {
            ReadOnlyMatrixSpan<double> columns = means.AsMatrix().ColumnRange(start, block.Length);
            Tensor<double> gram = new(Rows, Rows);
            compute.Multiply(1.0, columns, MatrixOp.None, columns, MatrixOp.Transpose, 0.0, gram.AsMatrix());
            for (int index = 0; index < grams.Length; index++)
            {
                if (grams[index] is { } sum && scopes[index].Blocks.Contains(block))
                    System.Numerics.Tensors.TensorPrimitives.Add(sum.Span, gram.Span, sum.Span);
            }
            start += block.Length;
        }
    }
}
