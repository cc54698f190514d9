using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Eigenscope.ArpackComparison;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

// Arguments: eigenvalues.f64 normals.f64 k tolerance. Prints one line of JSON.
double[] eigenvalues = Read(args[0]);
ReflectedSpectrum a = new(eigenvalues, Read(args[1]));
EigenOptions options = new()
{
    Top = int.Parse(args[2], CultureInfo.InvariantCulture),
    Tolerance = double.Parse(args[3], CultureInfo.InvariantCulture),
    DenseLimit = 0,
    KeepVectors = false,
};
Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, Environment.ProcessorCount);
long start = TimeProvider.System.GetTimestamp();
EigenPairs pairs = SymmetricEigensolver.Solve(a, options, compute, new RandomStream(0));
Console.Out.WriteLine(JsonSerializer.Serialize(new
{
    products = a.Applications,
    status = pairs.Convergence.Status.ToString(),
    maxResidual = pairs.Convergence.MaxResidual,
    values = pairs.Values,
    seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds,
}));
return 0;

static double[] Read(string path) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray();
