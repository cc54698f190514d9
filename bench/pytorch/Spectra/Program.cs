using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.PyTorchComparison;

// Arguments: folder, top, tolerance, repeats, float32 or float64, vectors of a block. Writes the trained network and its samples to the folder, prints one line of JSON.
string folder = args[0];
int top = int.Parse(args[1], CultureInfo.InvariantCulture);
double tolerance = double.Parse(args[2], CultureInfo.InvariantCulture);
int repeats = int.Parse(args[3], CultureInfo.InvariantCulture);
Precision precision = Enum.Parse<Precision>(args[4], ignoreCase: true);
int block = int.Parse(args[5], CultureInfo.InvariantCulture);
Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, Environment.ProcessorCount);
TrainedNetwork trained = TrainedNetwork.Create([784, 96, 64, 48, 10], samples: 600, steps: 300, compute, new RandomStream(0));
Write("inputs.f64", trained.Inputs.Span);
Write("parameters.f64", trained.Parameters);
int pairs = trained.Network.OutputSize * trained.Network.OutputSize;

Linearization linearization = trained.Objective(precision, trained.Samples).Linearize(trained.Parameters);
Solve whole = Fastest(repeats, () => SymmetricEigensolver.Solve(linearization.Hessian(), new EigenOptions { Top = top, Tolerance = tolerance, BlockSize = block }, compute, new RandomStream(1)));
List<Solve> layers = [];
foreach (BilinearLayer layer in trained.Network.WeightLayers)
    layers.Add(Fastest(repeats, () => SymmetricEigensolver.Solve(linearization.Hessian(layer.Weight.Name), new EigenOptions { Top = Math.Min(pairs, layer.Weight.Length), Tolerance = tolerance, DenseLimit = 0, BlockSize = block }, compute, new RandomStream(1))));

// Few enough rows for a dense solve: 2000.
Linearization few = trained.Objective(precision, 200).Linearize(trained.Parameters);
EigenOptions all = new() { Top = 200 * trained.Network.OutputSize, Tolerance = tolerance, KeepVectors = false };
Solve gram = Fastest(repeats, () => GaussNewtonEigensolver.Solve(few, ParameterScope.AllName, all, compute, new RandomStream(1)));
Solve lanczos = Fastest(1, () => SymmetricEigensolver.Solve(few.GaussNewton(), all with { Top = pairs }, compute, new RandomStream(1)));
Console.Out.WriteLine(JsonSerializer.Serialize(new { trained.Accuracy, pairs, whole, layers, gram, gramLanczos = lanczos }));
return 0;

void Write(string name, ReadOnlySpan<double> numbers) => File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(numbers).ToArray());

static Solve Fastest(int repeats, Func<EigenPairs> run)
{
    EigenPairs pairs = run();
    double seconds = double.PositiveInfinity, processor = double.PositiveInfinity;
    for (int i = 0; i < repeats; i++)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        pairs = run();
        processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        seconds = Math.Min(seconds, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
    }
    return new Solve(seconds, processor, pairs.Convergence.OperatorApplications, pairs.Convergence.Status.ToString(), pairs.Residuals.DefaultIfEmpty(0.0).Max(), [.. pairs.Values.Take(20)], pairs.Values.Count, pairs.Method);
}

namespace Eigenscope.PyTorchComparison
{
    /// <summary>One solve.</summary>
    /// <param name="Seconds">The fastest of several.</param>
    /// <param name="Processor">Processor time of all threads, likewise: it tells more on a busy machine.</param>
    /// <param name="Products">Products with one vector.</param>
    /// <param name="Status">The verdict.</param>
    /// <param name="MaxResidual">Largest residual over the largest eigenvalue.</param>
    /// <param name="Values">The largest eigenvalues.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Method">How they were found.</param>
    internal sealed record Solve(double Seconds, double Processor, int Products, string Status, double MaxResidual, double[] Values, int Count, string Method);
}
