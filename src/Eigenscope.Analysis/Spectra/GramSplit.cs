using Eigenscope.Analysis.Features;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The split from the Gram matrix of the rows √w_i S_i J_i: exact, ranks and all.</summary>
internal sealed class GramSplit(LogitFactors factors, ClassLogits classes, Compute compute)
{
    public PapyanSplit Measure(Tensor<double> gram)
    {
        Tensor<double> averages = Averages();
        Tensor<double> rows = MeanGram.Product(averages, MatrixOp.None, gram, MatrixOp.None, compute);
        Tensor<double> means = MeanGram.Product(rows, MatrixOp.None, averages, MatrixOp.Transpose, compute);
        double largest = PositiveSemidefinite.Eigenvalues(gram.AsMatrix(), compute)[0];
        (PapyanPart own, PapyanPart cross, Number cosine) = new MeanGram(means, classes, factors.Logits, compute).Parts(largest);
        return new PapyanSplit
        {
            Trace = Number.Of(MeanGram.TraceOf(gram)),
            WithinClass = MeanGram.Part(Within(gram, rows, means), largest, means.Rows, compute),
            CrossClass = cross,
            Class = own,
            ClassCrossCosine = cosine,
            IsExact = true,
        };
    }

    private int Group(int row) => (classes.Labels[row / factors.Logits] * factors.Logits) + (row % factors.Logits);

    /// <summary>Row (c, k) averages the vectors (i, k) of class c out of the rows √w_i g_ik.</summary>
    private Tensor<double> Averages()
    {
        Tensor<double> averages = new(classes.Classes * factors.Logits, factors.Length);
        for (int row = 0; row < factors.Length; row++)
        {
            int sample = row / factors.Logits;
            averages[Group(row), row] = Math.Sqrt(factors.Weight(sample)) / classes.Weights[classes.Labels[sample]];
        }
        return averages;
    }

    private Tensor<double> Within(Tensor<double> gram, Tensor<double> rows, Tensor<double> means)
    {
        Tensor<double> within = new(gram.Rows, gram.Columns);
        for (int i = 0; i < gram.Rows; i++)
        {
            (int group, double root) = (Group(i), Math.Sqrt(factors.Weight(i / factors.Logits)));
            for (int j = 0; j <= i; j++)
            {
                (int other, double otherRoot) = (Group(j), Math.Sqrt(factors.Weight(j / factors.Logits)));
                within[i, j] = within[j, i] = gram[i, j] - (root * rows[group, j]) - (otherRoot * rows[other, i]) + (root * otherRoot * means[group, other]);
            }
        }
        return within;
    }
}
