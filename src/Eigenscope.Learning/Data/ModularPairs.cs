using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Modular arithmetic as classification, the data on which grokking was found (Power et al., arXiv 2201.02177), as arXiv 2407.20199 has it: every pair (a, b) of residues modulo p is e_a ⊕ e_b in R^2p, its class is the result.
/// All p² pairs for a + b, a − b and a · b, those with a factor 0 among them (they make up 2p − 1 of class 0); for a / b the p (p − 1) pairs with b ≠ 0.
/// </summary>
public static class ModularPairs
{
    /// <summary>p whose pairs an array can hold.</summary>
    public const int LargestModulus = 1000;

    /// <summary>All pairs, sorted by a and then by b.</summary>
    /// <param name="operation">What the pairs are put together by.</param>
    /// <param name="modulus">p in 2 … <see cref="LargestModulus"/>; for division a prime.</param>
    /// <returns>Samples of shape 2p in p classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range, or not prime where it has to be.</exception>
    public static Dataset All(ModularOperation operation, int modulus)
    {
        if (modulus is < 2 or > LargestModulus)
            throw new ArgumentOutOfRangeException(nameof(modulus), modulus, $"expected a modulus in 2 … {LargestModulus}");
        if (operation == ModularOperation.Divide)
            ModularGroup.RequirePrime(modulus, nameof(modulus));
        int first = operation == ModularOperation.Divide ? 1 : 0, perRow = modulus - first;
        Tensor<double> inputs = new(modulus * perRow, 2 * modulus);
        int[] labels = new int[inputs.Rows];
        for (int i = 0; i < labels.Length; i++)
        {
            int a = i / perRow, b = first + (i % perRow);
            inputs[i, a] = inputs[i, modulus + b] = 1.0;
            labels[i] = Result(operation, a, b, modulus);
        }
        return new Dataset($"{Symbol(operation)} modulo {modulus}", $"all pairs (a, b) with a {Symbol(operation)} b modulo {modulus}, one-hot", inputs, labels, modulus);
    }

    /// <summary>Draws round(f n) of the n pairs to train on (half to even, at least one and at most n − 1); the others are tested on. Drawn from all pairs alike, so that the classes are not balanced, and one may be missing.</summary>
    /// <param name="pairs">All pairs.</param>
    /// <param name="trainFraction">f in (0, 1).</param>
    /// <param name="random">The draw.</param>
    /// <returns>The two parts, each in the order of the draw.</returns>
    /// <exception cref="ArgumentOutOfRangeException">f is not in (0, 1).</exception>
    public static (Dataset Train, Dataset Test) Split(Dataset pairs, double trainFraction, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(random);
        if (!(trainFraction > 0.0 && trainFraction < 1.0))
            throw new ArgumentOutOfRangeException(nameof(trainFraction), trainFraction, "expected a number in (0, 1)");
        int[] order = [.. Enumerable.Range(0, pairs.SampleCount)];
        random.Shuffle<int>(order);
        int train = TrainCount(order.Length, trainFraction);
        return (pairs.Subset(order.AsSpan(0, train), requireEveryClass: false), pairs.Subset(order.AsSpan(train), requireEveryClass: false));
    }

    /// <summary>How many of so many pairs <see cref="Split"/> trains on.</summary>
    /// <param name="pairs">n ≥ 2.</param>
    /// <param name="trainFraction">f in (0, 1).</param>
    public static int TrainCount(int pairs, double trainFraction) => Math.Clamp((int)Math.Round(trainFraction * pairs, MidpointRounding.ToEven), 1, pairs - 1);

    /// <summary>The sign of an operation: +, −, × or ÷.</summary>
    /// <param name="operation">The operation.</param>
    public static string Symbol(ModularOperation operation) => operation switch
    {
        ModularOperation.Add => "+",
        ModularOperation.Subtract => "−",
        ModularOperation.Multiply => "×",
        _ => "÷",
    };

    private static int Result(ModularOperation operation, int a, int b, int modulus) => operation switch
    {
        ModularOperation.Add => (a + b) % modulus,
        ModularOperation.Subtract => (a - b + modulus) % modulus,
        ModularOperation.Multiply => a * b % modulus,
        _ => a * ModularGroup.Inverse(b, modulus) % modulus,
    };
}
