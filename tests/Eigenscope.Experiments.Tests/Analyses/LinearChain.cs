using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Formats;
using Eigenscope.Learning.Training;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Analyses;

/// <summary>The network z = W₂ W₁ x with weights chosen here, on samples chosen here, and its derivatives written out: loops over entries, and nothing of the library.</summary>
internal sealed class LinearChain
{
    public const int Inputs = 6;
    public const int Hidden = 5;
    public const int Outputs = 3;
    public const int Parameters = (Hidden * Inputs) + (Outputs * Hidden);
    private readonly double[,] _first = new double[Hidden, Inputs];
    private readonly double[,] _second = new double[Outputs, Hidden];
    private readonly double[][] _targets;

    public LinearChain(int samples, Func<int, int, double> target, bool firstHasRankOne = false)
    {
        Random random = new(7);
        double Next() => (2.0 * random.NextDouble()) - 1.0;
        double[] left = [.. Enumerable.Range(0, Hidden).Select(_ => Next())], right = [.. Enumerable.Range(0, Inputs).Select(_ => Next())];
        for (int a = 0; a < Hidden; a++)
        {
            for (int b = 0; b < Inputs; b++)
                _first[a, b] = firstHasRankOne ? left[a] * right[b] : Next();
            for (int k = 0; k < Outputs; k++)
                _second[k, a] = Next();
        }
        Samples = [.. Enumerable.Range(0, samples).Select(_ => Enumerable.Range(0, Inputs).Select(_ => Next()).ToArray())];
        _targets = [.. Enumerable.Range(0, samples).Select(i => Enumerable.Range(0, Outputs).Select(k => target(i, k)).ToArray())];
    }

    public double[][] Samples { get; }

    /// <summary>What enters the second layer, W₁ x.</summary>
    public double[] Features(int i) => [.. Enumerable.Range(0, Hidden).Select(a => Enumerable.Range(0, Inputs).Sum(b => _first[a, b] * Samples[i][b]))];

    public double[] Errors(int i) => [.. Enumerable.Range(0, Outputs).Select(k => Output(i, k) - _targets[i][k])];

    public double Output(int i, int k) => Features(i).Select((feature, a) => _second[k, a] * feature).Sum();

    public double Loss() => Enumerable.Range(0, Samples.Length).Sum(i => Errors(i).Sum(static error => error * error)) / (2.0 * Samples.Length);

    public double SquaredNorm() => _first.Cast<double>().Concat(_second.Cast<double>()).Sum(static weight => weight * weight);

    /// <summary>‖W₂ W₁‖²: the trace of the average gradient outer product at the input.</summary>
    public double SquaredNormOfProduct() => (from k in Enumerable.Range(0, Outputs) from b in Enumerable.Range(0, Inputs) select Math.Pow(Enumerable.Range(0, Hidden).Sum(a => _second[k, a] * _first[a, b]), 2)).Sum();

    /// <summary>∂z_k/∂θ at a sample.</summary>
    public double[] Jacobian(int i, int k)
    {
        double[] row = new double[Parameters], features = Features(i);
        for (int a = 0; a < Hidden; a++)
        {
            for (int b = 0; b < Inputs; b++)
                row[(a * Inputs) + b] = _second[k, a] * Samples[i][b];
            row[(Hidden * Inputs) + (k * Hidden) + a] = features[a];
        }
        return row;
    }

    public double[] Gradient(int i)
    {
        double[] gradient = new double[Parameters], errors = Errors(i);
        for (int k = 0; k < Outputs; k++)
        {
            double[] row = Jacobian(i, k);
            for (int p = 0; p < Parameters; p++)
                gradient[p] += errors[k] * row[p];
        }
        return gradient;
    }

    public double[] MeanGradient() => [.. Enumerable.Range(0, Parameters).Select(p => Enumerable.Range(0, Samples.Length).Average(i => Gradient(i)[p]))];

    public double[,] GaussNewton()
    {
        double[,] matrix = new double[Parameters, Parameters];
        for (int i = 0; i < Samples.Length; i++)
        {
            for (int k = 0; k < Outputs; k++)
                AddOuter(matrix, Jacobian(i, k), 1.0 / Samples.Length);
        }
        return matrix;
    }

    /// <summary>The Gauss–Newton matrix, and ∂²z_k/∂W₁[a, b] ∂W₂[k, a] = x_b times the error of output k.</summary>
    public double[,] Hessian()
    {
        double[,] matrix = GaussNewton();
        for (int i = 0; i < Samples.Length; i++)
        {
            double[] errors = Errors(i);
            for (int k = 0; k < Outputs; k++)
            {
                for (int a = 0; a < Hidden; a++)
                {
                    for (int b = 0; b < Inputs; b++)
                    {
                        int first = (a * Inputs) + b, second = (Hidden * Inputs) + (k * Hidden) + a;
                        double bend = errors[k] * Samples[i][b] / Samples.Length;
                        matrix[first, second] += bend;
                        matrix[second, first] += bend;
                    }
                }
            }
        }
        return matrix;
    }

    public double[,] EmpiricalFisher(bool isCentred)
    {
        double[,] matrix = new double[Parameters, Parameters];
        for (int i = 0; i < Samples.Length; i++)
            AddOuter(matrix, Gradient(i), 1.0 / Samples.Length);
        if (isCentred)
            AddOuter(matrix, MeanGradient(), -1.0);
        return matrix;
    }

    /// <summary>Saves the network as a study does: one that was trained for no epoch, with these weights put in.</summary>
    public string Save(TemporaryFolder folder, RunSettings settings)
    {
        double[] x = [.. Enumerable.Range(0, 2 * Outputs).SelectMany(i => Enumerable.Range(0, Inputs).Select(b => (double)((i + b) % 5)))];
        NpzFile.Write(folder["study.npz"], [new("x", NpyArray.Create(x, 2 * Outputs, Inputs)), new("y", NpyArray.Create([.. Enumerable.Range(0, 2 * Outputs).Select(static i => (long)i % Outputs)], 2 * Outputs))]);
        StudyOptions options = new() { Data = folder["study.npz"], Width = Hidden, Depth = 2, Activation = "linear", Biases = false, Epochs = 0, Restarts = 0, Operators = "none", WeightDecay = 0.01 };
        Report report = Study.Run(options, settings, TimeProvider.System, null, CancellationToken.None);
        report.SaveModel!(folder["linear.npz"]);
        TrainedModel model = TrainedModel.Load(folder["linear.npz"]);
        (model with { State = TrainingState.Initial([.. _first.Cast<double>(), .. _second.Cast<double>()]) }).Save(folder["linear.npz"]);
        return folder["linear.npz"];
    }

    /// <summary>Writes the samples with whatever stands beside them.</summary>
    public string Write(string path, NpyArray y)
    {
        NpzFile.Write(path, [new("x", NpyArray.Create([.. Samples.SelectMany(static sample => sample)], Samples.Length, Inputs)), new("y", y)]);
        return path;
    }

    private static void AddOuter(double[,] matrix, double[] vector, double factor)
    {
        for (int p = 0; p < vector.Length; p++)
        {
            for (int q = 0; q < vector.Length; q++)
                matrix[p, q] += factor * vector[p] * vector[q];
        }
    }
}
