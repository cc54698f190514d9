using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class ModularPairsTests
{
    [Theory]
    [InlineData(ModularOperation.Add, 7, 49)]
    [InlineData(ModularOperation.Subtract, 6, 36)]
    [InlineData(ModularOperation.Multiply, 7, 49)]
    [InlineData(ModularOperation.Divide, 7, 42)]
    [InlineData(ModularOperation.Divide, 2, 2)]
    public void Every_pair_occurs_once_and_its_class_solves_the_equation(ModularOperation operation, int p, int count)
    {
        Dataset pairs = ModularPairs.All(operation, p);

        Assert.Equal(count, pairs.SampleCount);
        Assert.Equal(2 * p, pairs.Dimension);
        HashSet<(int, int)> seen = [];
        for (int i = 0; i < count; i++)
        {
            double[] row = pairs.Inputs.Row(i).ToArray();
            int a = Array.IndexOf(row, 1.0, 0, p), b = Array.IndexOf(row, 1.0, p, p) - p, c = pairs.Labels[i];
            Assert.Equal(2.0, row.Sum());
            Assert.True(seen.Add((a, b)));
            Assert.Equal(0, Defect(operation, a, b, c) % p);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(61)]
    [InlineData(997)]
    public void Powers_of_a_generator_meet_every_residue_but_zero_and_add_their_logarithms(int prime)
    {
        int[] powers = ModularGroup.Powers(prime);

        Assert.Equal(Enumerable.Range(1, prime - 1), powers.Order());
        for (int i = 0; i < powers.Length; i++)
        {
            Assert.Equal(powers[(i + 3) % powers.Length], (long)powers[i] * powers[3 % powers.Length] % prime);
            Assert.Equal(1 % prime, (long)powers[i] * ModularGroup.Inverse(powers[i], prime) % prime);
        }
    }

    [Fact]
    public void Primes_are_those_of_the_sieve()
    {
        bool[] composite = new bool[1000];
        for (int i = 2; i < composite.Length; i++)
            for (int j = 2 * i; j < composite.Length; j += i)
                composite[j] = true;
        for (int i = -3; i < composite.Length; i++)
            Assert.Equal(i >= 2 && !composite[i], ModularGroup.IsPrime(i));
        Assert.True(ModularGroup.IsPrime(int.MaxValue));
    }

    [Fact]
    public void A_split_takes_every_pair_once_and_follows_the_seed()
    {
        Dataset pairs = ModularPairs.All(ModularOperation.Add, 9);
        (Dataset train, Dataset test) = ModularPairs.Split(pairs, 0.5, new RandomStream(3));

        Assert.Equal(40, train.SampleCount);
        Assert.Equal(41, test.SampleCount);
        Assert.Equal(Rows(pairs).Order(), Rows(train).Concat(Rows(test)).Order());
        Assert.Equal(Rows(train), Rows(ModularPairs.Split(pairs, 0.5, new RandomStream(3)).Train));
        Assert.NotEqual(Rows(train), Rows(ModularPairs.Split(pairs, 0.5, new RandomStream(4)).Train));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularPairs.All(ModularOperation.Add, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularPairs.All(ModularOperation.Add, 1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularPairs.All(ModularOperation.Divide, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularGroup.Powers(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularGroup.Inverse(0, 7));
        Dataset pairs = ModularPairs.All(ModularOperation.Add, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularPairs.Split(pairs, 0.0, new RandomStream(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularPairs.Split(pairs, 1.0, new RandomStream(0)));
    }

    private static int Defect(ModularOperation operation, int a, int b, int c) => operation switch
    {
        ModularOperation.Add => a + b - c,
        ModularOperation.Subtract => b + c - a,
        ModularOperation.Multiply => (a * b) - c,
        _ => (c * b) - a,
    };

    // a, b and the class in one number.
    private static int[] Rows(Dataset pairs) => [.. Enumerable.Range(0, pairs.SampleCount).Select(i => Array.IndexOf(pairs.Inputs.Row(i).ToArray(), 1.0) + (100 * Array.LastIndexOf(pairs.Inputs.Row(i).ToArray(), 1.0)) + (10000 * pairs.Labels[i]))];
}
