using Eigenscope.Analysis.Features;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Features;

public sealed class NfaCorrelationTests
{
    [Fact]
    public void A_multiple_of_the_identity_matches_an_isotropic_agop()
    {
        NfaCorrelation nfa = NfaCorrelation.Measure(Diagonal(-3, -3, -3).AsMatrix(), Diagonal(7, 7, 7).AsMatrix(), TestCompute.Instance);
        Near.Equal(1.0, nfa.Pearson, 16);
        Near.Equal(1.0, nfa.Cosine, 16);
        Assert.Equal(0.5, nfa.Exponent);
    }

    [Fact]
    public void Features_in_different_directions_worked_by_hand()
    {
        // Entries (1, 0, 0, 0) and (0, 0, 0, 2): covariance −¼ · ½ of the product, variances 3/16 and ¾ in the same units.
        NfaCorrelation nfa = NfaCorrelation.Measure(Diagonal(1, 0).AsMatrix(), Diagonal(0, 4).AsMatrix(), TestCompute.Instance);
        Near.Equal(-1.0 / 3.0, nfa.Pearson, 16);
        Near.Equal(0.0, nfa.Cosine, 16, 1.0);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25)]
    [InlineData(1.0)]
    public void The_ansatz_itself_correlates_perfectly_at_its_exponent(double exponent)
    {
        double[] features = [3.0, 2.0, 0.5, 0.0];
        double[][] vectors = Samples.Rotation(111, 4);
        double[][] weight = vectors.Select((v, i) => v.Select(x => Math.Sqrt(features[i]) * x).ToArray()).ToArray();
        double[][] agopRoot = vectors.Select((v, i) => v.Select(x => Math.Sqrt(Math.Pow(2 * features[i], 1 / exponent)) * x).ToArray()).ToArray();
        Tensor<double> agop = Textbook.ToTensor(Textbook.Product(Textbook.Transpose(agopRoot), agopRoot));
        NfaCorrelation nfa = NfaCorrelation.Measure(Textbook.ToTensor(weight).AsMatrix(), agop.AsMatrix(), TestCompute.Instance, exponent);
        Near.Equal(1.0, nfa.Pearson, 1e3);
        Near.Equal(1.0, nfa.Cosine, 1e3);
    }

    [Fact]
    public void Pearson_and_cosine_agree_with_their_formulas_on_random_matrices()
    {
        RandomStream random = new(112);
        Tensor<double> weight = new(4, 6), factor = new(3, 6);
        random.FillNormal(weight.Span);
        random.FillNormal(factor.Span);
        double[][] w = Textbook.Rows(weight), f = Textbook.Rows(factor);
        double[][] agop = Textbook.Product(Textbook.Transpose(f), f);
        double[] x = Textbook.Product(Textbook.Transpose(w), w).SelectMany(r => r).ToArray();
        double[] y = Root(agop, rank: 3).SelectMany(r => r).ToArray();
        NfaCorrelation nfa = NfaCorrelation.Measure(weight.AsMatrix(), Textbook.ToTensor(agop).AsMatrix(), TestCompute.Instance);
        Near.Equal(Textbook.Dot(x, y) / Textbook.Norm(x) / Textbook.Norm(y), nfa.Cosine, 1e4, 1.0);
        double[] xc = x.Select(v => v - x.Average()).ToArray(), yc = y.Select(v => v - y.Average()).ToArray();
        Near.Equal(Textbook.Dot(xc, yc) / Textbook.Norm(xc) / Textbook.Norm(yc), nfa.Pearson, 1e4, 1.0);
    }

    [Fact]
    public void Neither_number_depends_on_scale() => Laws.Hold(seed =>
    {
        RandomStream random = new(seed);
        Tensor<double> weight = new(3, 5), jacobian = new(7, 5);
        random.FillNormal(weight.Span);
        random.FillNormal(jacobian.Span);
        double[][] j = Textbook.Rows(jacobian);
        double[][] agop = Textbook.Product(Textbook.Transpose(j), j);
        NfaCorrelation before = NfaCorrelation.Measure(weight.AsMatrix(), Textbook.ToTensor(agop).AsMatrix(), TestCompute.Instance);
        foreach (ref double value in weight.Span)
            value *= 1e-20;
        Tensor<double> scaled = Textbook.ToTensor(agop.Select(r => r.Select(v => 1e20 * v).ToArray()).ToArray());
        NfaCorrelation after = NfaCorrelation.Measure(weight.AsMatrix(), scaled.AsMatrix(), TestCompute.Instance);
        // The root turns an error of eps·λ_1 in a small eigenvalue into one of √eps at worst; seven rows in five dimensions keep it far from there.
        Near.Equal(before.Pearson.Value!.Value, after.Pearson, 1e7, 1.0);
        Near.Equal(before.Cosine.Value!.Value, after.Cosine, 1e7, 1.0);
    });

    [Fact]
    public void Zero_matrices_have_no_correlation()
    {
        NfaCorrelation weight = NfaCorrelation.Measure(Diagonal(0, 0).AsMatrix(), Diagonal(1, 2).AsMatrix(), TestCompute.Instance);
        Near.Undefined("the weight is zero", weight.Pearson);
        Near.Undefined("the weight is zero", weight.Cosine);
        NfaCorrelation agop = NfaCorrelation.Measure(Diagonal(1, 2).AsMatrix(), Diagonal(0, 0).AsMatrix(), TestCompute.Instance);
        Near.Undefined("the AGOP is zero", agop.Pearson);
        Near.Undefined("the AGOP is zero", agop.Cosine);
    }

    [Fact]
    public void Constant_entries_have_a_cosine_but_no_pearson_correlation()
    {
        NfaCorrelation one = NfaCorrelation.Measure(Diagonal(2).AsMatrix(), Diagonal(9).AsMatrix(), TestCompute.Instance);
        Near.Undefined("all entries of WᵀW are equal", one.Pearson);
        Near.Equal(1.0, one.Cosine, 8);
        Tensor<double> equal = new([1, 1, 1, 1], 2, 2);
        NfaCorrelation power = NfaCorrelation.Measure(Diagonal(1, 2).AsMatrix(), equal.AsMatrix(), TestCompute.Instance);
        Near.Undefined("all entries of the AGOP's power are equal", power.Pearson);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NfaCorrelation.Measure(Diagonal(1, 2).AsMatrix(), Diagonal(1, 2, 3).AsMatrix(), TestCompute.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => NfaCorrelation.Measure(Diagonal(1, 2).AsMatrix(), Diagonal(1, 2).AsMatrix(), TestCompute.Instance, -0.5));
        Assert.Throws<ArgumentException>(() => NfaCorrelation.Measure(Diagonal(1, double.NaN).AsMatrix(), Diagonal(1, 2).AsMatrix(), TestCompute.Instance));
    }

    private static double[][] Root(double[][] a, int rank)
    {
        (double[] values, double[][] vectors) = Textbook.Eigen(a);
        double[][] scaled = vectors.Select((v, i) => v.Select(x => i < rank ? x * Math.Sqrt(values[i]) : 0.0).ToArray()).ToArray();
        return Textbook.Product(Textbook.Transpose(vectors), scaled);
    }

    private static Tensor<double> Diagonal(params double[] values)
    {
        Tensor<double> matrix = new(values.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
            matrix[i, i] = values[i];
        return matrix;
    }
}
