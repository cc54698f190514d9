using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Whether samples of one shape can enter a network that declares another: only where the order of the numbers is beyond doubt.</summary>
internal static class SampleShapes
{
    /// <summary>Brings samples into the network's shape.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="shape">Shape of one sample as the network declares it.</param>
    /// <param name="subject">What to name in a message: "--data file.npz".</param>
    /// <returns>The inputs, their numbers untouched, and a note where the shape is another.</returns>
    /// <exception cref="UsageException">The samples do not fit, or could in more than one order; the message says what to do.</exception>
    public static (Tensor<double> Inputs, string? Note) Fit(GivenSamples data, IReadOnlyList<int> shape, string subject)
    {
        IReadOnlyList<int> given = data.SampleShape;
        if (given.SequenceEqual(shape))
            return (data.Inputs, null);
        string sizes = $"the model takes samples of shape {Text(shape)}, x has {Text(given)}";
        if (Product(given) != Product(shape))
            throw new UsageException($"{subject}: {sizes}: {Product(shape)} numbers were expected for each sample, got {Product(given)}{(IsSingle(data, shape) ? "; is x one sample? It needs an axis of samples first: x[None]" : "")}");
        if (Permutation(given, shape) is { } permutation)
            throw new UsageException($"{subject}: {sizes}: channels stand {(given[^1] == shape[0] ? "last, and the model wants them first" : "first, and the model wants them last")}; save x.transpose({permutation})");
        int[] wide = [.. given.Where(static extent => extent > 1)], wanted = [.. shape.Where(static extent => extent > 1)];
        bool isSame = wide.SequenceEqual(wanted);
        bool isFlattened = (wanted.Length <= 1 && IsRowMajor(given)) || (wide.Length <= 1 && IsRowMajor(shape));
        if (!isSame && !isFlattened)
            throw new UsageException($"{subject}: {sizes}, as many numbers in another arrangement, and in which order they go into the model cannot be told; save x reshaped to (N, {string.Join(", ", shape)}) in the order that the model was trained with");
        return (new Tensor<double>(data.Inputs.Storage, [data.SampleCount, .. shape]), $"Samples of shape {Text(given)} are taken as {Text(shape)}, their numbers in the order in which they stand{(isSame ? "" : " (row by row)")}.");
    }

    // Images of one channel have one order, row by row; with several, channels first and last are two.
    private static bool IsRowMajor(IReadOnlyList<int> shape) => shape.Count(static extent => extent > 1) <= 2;

    private static bool IsSingle(GivenSamples data, IReadOnlyList<int> shape) => data.Inputs.Length == Product(shape);

    private static string? Permutation(IReadOnlyList<int> given, IReadOnlyList<int> shape)
    {
        if (given.Count != 3 || shape.Count != 3 || given.Contains(1))
            return null;
        if (given[2] == shape[0] && given[0] == shape[1] && given[1] == shape[2])
            return "0, 3, 1, 2";
        return given[0] == shape[2] && given[1] == shape[0] && given[2] == shape[1] ? "0, 2, 3, 1" : null;
    }

    private static long Product(IReadOnlyList<int> shape) => shape.Aggregate(1L, static (product, extent) => product * extent);

    private static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";
}
