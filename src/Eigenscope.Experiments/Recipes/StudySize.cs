using System.Globalization;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Experiments.Recipes;

/// <summary>
/// Whether the eigenvectors of a study fit into one process, before anything is trained. With p parameters the eigensolver keeps a basis of p numbers a vector in one array, and a square matrix of its order;
/// how many vectors it needs beyond the pairs wanted grows with its blocks, and those with the number of classes (<see cref="MeasurementPlan.BlockFor"/>).
/// </summary>
internal static class StudySize
{
    /// <summary>Most pairs that are computed for the sake of K² alone: with 100 classes K² + 1 would be 10,001 pairs of every operator.</summary>
    public const int MostForClasses = 1000;

    private const int PairsPerClass = 3;

    private static readonly long LargestOrder = (long)Math.Sqrt(Array.MaxLength);

    /// <summary>
    /// Largest eigenvalues wanted of every operator: as many as asked for, and of an mlp at least as many as its classes call for. A product with a convolutional network costs seconds, not milliseconds:
    /// there the user says how many pairs are worth it.
    /// </summary>
    public static int Pairs(StudyOptions options, int classes) =>
        StudyNetworks.IsConvolutional(options) ? Math.Max(options.Top, classes + 1) : Pairs(options.Top, classes);

    /// <summary>As many as asked for, and at least K² + 1 while those are no more than <see cref="MostForClasses"/>; with more classes 3 K + 1.</summary>
    public static int Pairs(int top, int classes)
    {
        long squared = ((long)classes * classes) + 1;
        return (int)Math.Max(top, squared <= MostForClasses ? squared : ((long)PairsPerClass * classes) + 1);
    }

    /// <summary>The fewest vectors that the eigensolver's basis has room for, with so many pairs wanted of vectors of that length.</summary>
    public static long Vectors(int top, int bottom, int classes, double parameters) =>
        SymmetricEigensolver.LeastVectors((int)Math.Min(parameters, int.MaxValue), new EigenOptions { Top = top, Bottom = bottom, BlockSize = MeasurementPlan.BlockFor(classes) });

    /// <summary>Whether so many vectors of that length fit into one array, and the square of their number into another.</summary>
    public static bool Fits(long vectors, double parameters) => vectors <= LargestOrder && vectors * parameters <= Array.MaxLength;

    /// <summary>Refuses a convolutional network that cannot be measured.</summary>
    /// <exception cref="UsageException">The network is too large for the pairs wanted.</exception>
    public static void Require(StudyOptions options, Dataset data, Network network)
    {
        long vectors = Vectors(options, data, network.ParameterCount);
        if (StudyNetworks.IsConvolutional(options) && !OperatorNames.IsNone(options.Operators) && !Fits(vectors, network.ParameterCount))
            throw new UsageException(Text($"--model {options.Model} has {network.ParameterCount:N0} parameters here, and {vectors:N0} vectors of that length are more than one array can hold; fewer --channels, or a smaller --top, fit"));
    }

    /// <summary>Refuses a multilayer perceptron that cannot be measured, before it is built.</summary>
    /// <exception cref="UsageException">The network is too large for the pairs wanted; the message says what fits.</exception>
    public static void RequirePerceptron(StudyOptions options, Dataset data)
    {
        if (StudyNetworks.IsConvolutional(options) || OperatorNames.IsNone(options.Operators))
            return;
        double parameters = Parameters(options, data, options.Width);
        long vectors = Vectors(options, data, parameters);
        if (vectors > LargestOrder)
            throw new UsageException(Text($"{Culprit(options, data)}: a solve for these pairs needs {vectors:N0} vectors, more than the {LargestOrder:N0} that it can hold"));
        if (Fits(vectors, parameters))
            return;
        int width = LargestWidth(options, data);
        string fits = width > 0 ? Text($"--width {width} fits") : Text($"no --width fits with --depth {options.Depth}, --top {options.Top} and {data.ClassCount} classes");
        throw new UsageException(Text($"--width {options.Width} with --depth {options.Depth} gives about {parameters:N0} parameters, and {vectors:N0} vectors of that length are more than one array can hold; {fits}"));
    }

    private static long Vectors(StudyOptions options, Dataset data, double parameters) => Vectors(Pairs(options, data.ClassCount), options.Bottom, data.ClassCount, parameters);

    // In floating point: the products of two large options exceed 64 bits.
    private static double Parameters(StudyOptions options, Dataset data, double width)
    {
        double hidden = options.Depth - 1;
        double biases = options.Biases ? (hidden * width) + data.ClassCount : 0.0;
        return biases + (hidden == 0.0 ? (double)data.Dimension * data.ClassCount : (width * ((double)data.Dimension + data.ClassCount)) + ((hidden - 1.0) * width * width));
    }

    private static string Culprit(StudyOptions options, Dataset data)
    {
        int pairs = Pairs(options.Top, data.ClassCount);
        if (options.Bottom >= pairs)
            return Text($"--bottom {options.Bottom}");
        return options.Top >= pairs ? Text($"--top {options.Top}") : Text($"--data {options.Data} with {data.ClassCount} classes, hence {pairs} pairs");
    }

    // No wider than StudyMemory lets a dense layer be.
    private static int LargestWidth(StudyOptions options, Dataset data)
    {
        int fits = 0;
        int tooLarge = (int)Math.Min(options.Width, LargestOrder + 1);
        while (options.Depth > 1 && tooLarge - fits > 1)
        {
            int middle = fits + ((tooLarge - fits) / 2);
            double parameters = Parameters(options, data, middle);
            if (Fits(Vectors(options, data, parameters), parameters))
                fits = middle;
            else
                tooLarge = middle;
        }
        return fits;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
