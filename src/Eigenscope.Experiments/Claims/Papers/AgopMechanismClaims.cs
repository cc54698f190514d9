using System.Globalization;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.RecursiveFeatures;

namespace Eigenscope.Experiments.Claims.Papers;

/// <summary>The model of deep recursive feature machines with a linear kernel (2402.13728), in which nothing is random.</summary>
internal static class AgopMechanismClaims
{
    private const int Samples = 500;
    private const string KernelRidge = "kernel-ridge";
    private const string FeatureRidge = "feature-ridge";

    // To four decimals .9211 .7834 .3878 .1480 .0744 .0383 .0210 .0135, the numbers of a second program.
    private static readonly double[] Expected = [0.9211355016, 0.7834172511, 0.3877935670, 0.1480433687, 0.0743974553, 0.0382771197, 0.0210093379, 0.0135356623];

    public static IReadOnlyList<Claim> All =>
    [
        new Claim
        {
            Id = "agop-digits-linear-kernel",
            Paper = AgopClaims.Paper,
            Statement = "In the model of the mechanism with a linear kernel the Gram matrix of the digits tends to that of collapsed classes, layer by layer.",
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { [KernelRidge] = "0.01", [FeatureRidge] = "0.01" },
            Checks = [new ClaimCheck("distance of the Gram matrix from collapse before each layer", Distances, Expectation.Near(Expected, relative: 1e-3), "independent computation (plain Python, by elimination)") { Along = "layer", IsLogarithmic = true }],
            RefutedBy = new Dictionary<string, string>(StringComparer.Ordinal) { [KernelRidge] = "1" },
            IsOracle = true,
        },
    ];

    private static Measured Distances(Evidence evidence)
    {
        Dataset digits = EmbeddedDigits.Load().Take(Samples);
        LinearKernelOptions options = new() { KernelRidge = Positive(evidence, KernelRidge), FeatureRidge = Positive(evidence, FeatureRidge) };
        LinearKernelModel model = LinearKernelModel.Start(CentredGram(digits.Inputs, evidence.Compute), OneHot(digits), options, evidence.Compute);
        List<(string Place, double? Value)> distances = [];
        for (int layer = 1; layer <= Expected.Length; layer++)
        {
            distances.Add((layer.ToString(CultureInfo.InvariantCulture), model.Distance));
            model = model.Next();
        }
        return Measured.Of(distances);
    }

    private static double Positive(Evidence evidence, string name) => evidence.Setting(name) is > 0.0 and var value ? value : throw new UsageException($"--set {name}: expected a number above zero");

    // Inner products about the mean of every coordinate; the model brings rows to unit norm.
    private static Tensor<double> CentredGram(Tensor<double> inputs, Compute compute)
    {
        Tensor<double> centred = inputs.Clone(), gram = new(inputs.Rows, inputs.Rows);
        for (int j = 0; j < inputs.Columns; j++)
        {
            double mean = Enumerable.Range(0, inputs.Rows).Average(i => inputs[i, j]);
            for (int i = 0; i < inputs.Rows; i++)
                centred[i, j] -= mean;
        }
        compute.Multiply(1.0, centred.AsMatrix(), MatrixOp.None, centred.AsMatrix(), MatrixOp.Transpose, 0.0, gram.AsMatrix());
        return gram;
    }

    private static Tensor<double> OneHot(Dataset digits)
    {
        Tensor<double> targets = new(digits.SampleCount, digits.ClassCount);
        for (int i = 0; i < digits.SampleCount; i++)
            targets[i, digits.Labels[i]] = 1.0;
        return targets;
    }
}
