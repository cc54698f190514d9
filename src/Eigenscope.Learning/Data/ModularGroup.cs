namespace Eigenscope.Learning.Data;

/// <summary>The multiplicative group of the residues modulo a prime: cyclic, so that multiplication is addition of discrete logarithms.</summary>
public static class ModularGroup
{
    /// <summary>Whether a number is prime.</summary>
    /// <param name="number">Any number; what is below 2 is not.</param>
    public static bool IsPrime(int number)
    {
        if (number < 2)
            return false;
        for (long divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
                return false;
        }
        return true;
    }

    /// <summary>1, g, g², …, g^(p−2) modulo p, g the smallest generator: every residue but 0, in the order of its discrete logarithm.</summary>
    /// <param name="prime">p.</param>
    /// <returns>p − 1 residues.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is not prime.</exception>
    public static int[] Powers(int prime)
    {
        RequirePrime(prime, nameof(prime));
        int[] powers = new int[prime - 1];
        for (int generator = 1; ; generator++)
        {
            long power = 1;
            int order = 0;
            do
            {
                powers[order++] = (int)power;
                power = power * generator % prime;
            }
            while (power != 1);
            if (order == powers.Length)
                return powers;
        }
    }

    /// <summary>The residue with which another one multiplies to 1.</summary>
    /// <param name="residue">b in 1 … p − 1.</param>
    /// <param name="prime">p.</param>
    /// <returns>b⁻¹ = b^(p−2).</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is not prime, or b is not in 1 … p − 1.</exception>
    public static int Inverse(int residue, int prime)
    {
        RequirePrime(prime, nameof(prime));
        if (residue < 1 || residue >= prime)
            throw new ArgumentOutOfRangeException(nameof(residue), residue, $"expected a residue in 1 … {prime - 1}: 0 has no inverse");
        long power = 1, factor = residue;
        for (int exponent = prime - 2; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
                power = power * factor % prime;
            factor = factor * factor % prime;
        }
        return (int)power;
    }

    internal static void RequirePrime(int number, string name)
    {
        if (!IsPrime(number))
            throw new ArgumentOutOfRangeException(name, number, "expected a prime");
    }
}
