using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
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

    /// <summary>Row (c, k) is the unit vector u_ck.</summary>
    private Tensor<double> Averages()
    {
        Tensor<double> averages = new(classes.Classes * factors.Logits, factors.Length);
        double[] entries = Entries();
        for (int row = 0; row < factors.Length; row++)
            averages[Group(row), row] = entries[row];
        return averages;
    }

    private double[] Entries()
    {
        double[] entries = new double[factors.Length];
        for (int i = 0; i < factors.Samples; i++)
            classes.Averages(i, entries.AsSpan(i * factors.Logits, factors.Logits));
        return entries;
    }

    private Tensor<double> Within(Tensor<double> gram, Tensor<double> rows, Tensor<double> means)
    {
        Tensor<double> within = new(gram.Rows, gram.Columns);
        double[] entries = Entries();
        for (int i = 0; i < gram.Rows; i++)
        {
            int group = Group(i);
            for (int j = 0; j <= i; j++)
            {
                int other = Group(j);
                within[i, j] = within[j, i] = gram[i, j] - (entries[i] * rows[group, j]) - (entries[j] * rows[other, i]) + (entries[i] * entries[j] * means[group, other]);
            }
        }
        return within;
    }
}
