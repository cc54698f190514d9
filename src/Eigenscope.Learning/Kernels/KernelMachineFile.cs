using Eigenscope.Formats;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// A kernel machine on disk: an NPZ file that NumPy reads, with its points, coefficients, metric, kernel and ridge, and a free note. Written atomically: a file is there whole or not at all.
/// </summary>
public static class KernelMachineFile
{
    private const long Format = 1;
    private const int SolutionLength = 7;
    private const string FormatName = "format";
    private const string PointsName = "points";
    private const string CoefficientsName = "coefficients";
    private const string RidgeName = "ridge";
    private const string KernelName = "kernel/name";
    private const string ParametersName = "kernel/parameters";
    private const string DiagonalName = "metric/diagonal";
    private const string MatrixName = "metric/matrix";
    private const string SolutionName = "solution";
    private const string VerdictName = "solution/message";
    private const string NoteName = "note";

    /// <summary>Writes a machine.</summary>
    /// <param name="path">File to write; replaced if it is there.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="note">Free text kept with it: how its points were prepared, names of classes.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, KernelMachine machine, string note)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(note);
        double[] parameters = Parameters(machine.Kernel);
        List<KeyValuePair<string, NpyArray>> arrays =
        [
            new(FormatName, NpyArray.Create([Format], 1)),
            new(PointsName, Matrix(machine.Points)),
            new(CoefficientsName, Matrix(machine.Coefficients)),
            new(RidgeName, NpyArray.Create([machine.Ridge], 1)),
            new(KernelName, NpyText.Create(machine.Kernel.Name)),
            new(ParametersName, NpyArray.Create(parameters, parameters.Length)),
            new(SolutionName, Solution(machine.Solution)),
            new(VerdictName, NpyText.Create(machine.Solution.Convergence.Message)),
            new(NoteName, NpyText.Create(note)),
        ];
        if (machine.Metric.Kind == MetricKind.Full)
            arrays.Add(new(MatrixName, Matrix(machine.Metric.ToMatrix())));
        else if (!machine.Metric.IsIdentity)
            arrays.Add(new(DiagonalName, NpyArray.Create(Diagonal(machine.Metric), machine.Metric.Dimension)));
        NpzFile.Write(path, arrays);
    }

    /// <summary>Reads a machine.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <param name="compute">Where it will compute.</param>
    /// <returns>The machine and the note.</returns>
    /// <exception cref="DataFormatException">The file is missing, is not a kernel machine's, is damaged, or was written by a newer version.</exception>
    public static (KernelMachine Machine, string Note) Load(string path, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        long format = NpzFile.Read(path, FormatName).ToInt64s().FirstOrDefault();
        if (format != Format)
            throw new DataFormatException(path, $"format {Format} of a kernel machine", $"format {format}");
        Tensor<double> points = ReadMatrix(path, PointsName), coefficients = ReadMatrix(path, CoefficientsName);
        if (NpzFile.Read(path, RidgeName).ToDoubles() is not [>= 0.0 and < double.PositiveInfinity and double ridge])
            throw new DataFormatException(path, $"one finite number ≥ 0 as '{RidgeName}'", "something else");
        try
        {
            KernelMachine machine = KernelMachine.Restore(
                points, ReadKernel(path), ReadMetric(path, points.Columns), ReadSolution(path, coefficients), ridge, compute);
            return (machine, NpyText.Read(path, NoteName));
        }
        catch (ArgumentException defect)
        {
            throw new DataFormatException(path, "arrays of a kernel machine that fit each other", defect.Message);
        }
    }

    // Method, iterations, residual (NaN for none), status, products, tolerance and largest residual of the verdict: a number does not travel without its doubt.
    private static NpyArray Solution(RidgeSolution solution) => NpyArray.Create(
        [
            (double)solution.Method, solution.Iterations, solution.RelativeResidual ?? double.NaN,
            (double)solution.Convergence.Status, solution.Convergence.OperatorApplications, solution.Convergence.Tolerance, solution.Convergence.MaxResidual,
        ],
        SolutionLength);

    private static RidgeSolution ReadSolution(string path, Tensor<double> coefficients)
    {
        double[] values = NpzFile.Read(path, SolutionName).ToDoubles();
        if (values.Length != SolutionLength || !Enum.IsDefined((RidgeMethod)(int)values[0]) || !Enum.IsDefined((ConvergenceStatus)(int)values[3]))
            throw new DataFormatException(path, $"'{SolutionName}' with method, iterations, residual and verdict", $"[{string.Join(", ", values)}]");
        Convergence verdict = new((ConvergenceStatus)(int)values[3], (int)values[4], values[5], values[6], NpyText.Read(path, VerdictName));
        return new RidgeSolution(coefficients, (RidgeMethod)(int)values[0], (int)values[1], double.IsNaN(values[2]) ? null : values[2], verdict);
    }

    private static Kernel ReadKernel(string path)
    {
        string name = NpyText.Read(path, KernelName);
        double[] parameters = NpzFile.Read(path, ParametersName).ToDoubles();
        return (name, parameters) switch
        {
            ("laplace", [double bandwidth]) => new LaplaceKernel(bandwidth),
            ("gaussian", [double bandwidth]) => new GaussianKernel(bandwidth),
            ("power", [double bandwidth, double power]) => new ExponentiatedPowerKernel(bandwidth, power),
            ("polynomial", [double factor, double offset, >= 1 and <= 1000 and double degree]) when double.IsInteger(degree) => new PolynomialKernel(factor, offset, (int)degree),
            _ => throw new DataFormatException(path, "a kernel laplace, gaussian, power or polynomial with its parameters", $"'{name}' with {parameters.Length}"),
        };
    }

    private static double[] Parameters(Kernel kernel) => kernel switch
    {
        LaplaceKernel laplace => [laplace.Bandwidth],
        GaussianKernel gaussian => [gaussian.Bandwidth],
        ExponentiatedPowerKernel power => [power.Bandwidth, power.Power],
        PolynomialKernel polynomial => [polynomial.Factor, polynomial.Offset, polynomial.Degree],
        _ => throw new NotSupportedException($"the kernel {kernel.Name} has no form on disk"),
    };

    private static Metric ReadMetric(string path, int dimension)
    {
        IReadOnlyList<string> names = NpzFile.Names(path);
        return names.Contains(MatrixName, StringComparer.Ordinal) ? Metric.Full(ReadMatrix(path, MatrixName))
            : names.Contains(DiagonalName, StringComparer.Ordinal) ? Metric.Diagonal(NpzFile.Read(path, DiagonalName).ToDoubles())
            : Metric.Identity(dimension);
    }

    private static double[] Diagonal(Metric metric)
    {
        Tensor<double> matrix = metric.ToMatrix();
        return [.. Enumerable.Range(0, metric.Dimension).Select(i => matrix[i, i])];
    }

    private static NpyArray Matrix(Tensor<double> matrix) => NpyArray.Create([.. matrix.Span], matrix.Rows, matrix.Columns);

    private static Tensor<double> ReadMatrix(string path, string name)
    {
        NpyArray array = NpzFile.Read(path, name);
        return array.Shape is [> 0, > 0]
            ? new Tensor<double>(array.ToDoubles(), array.Shape[0], array.Shape[1])
            : throw new DataFormatException(path, $"a matrix '{name}'", $"shape [{string.Join(", ", array.Shape)}]");
    }
}
