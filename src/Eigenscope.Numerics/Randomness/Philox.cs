namespace Eigenscope.Numerics.Randomness;

/// <summary>Philox4x32-10 (Salmon et al., SC 2011): a bijection of a 128-bit counter under a 64-bit key.</summary>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The 128 bits at counter (<paramref name="counter"/>, 0).</summary>
    public static (ulong Low, ulong High) Block(ulong key, ulong counter)
    {
        (uint x0, uint x1, uint x2, uint x3) = Block((uint)key, (uint)(key >> 32), (uint)counter, (uint)(counter >> 32), 0, 0);
        return (x0 | ((ulong)x1 << 32), x2 | ((ulong)x3 << 32));
    }

    public static (uint X0, uint X1, uint X2, uint X3) Block(uint k0, uint k1, uint x0, uint x1, uint x2, uint x3)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * x0;
            ulong b = (ulong)MultiplierB * x2;
            (x0, x1, x2, x3) = ((uint)(b >> 32) ^ x1 ^ k0, (uint)b, (uint)(a >> 32) ^ x3 ^ k1, (uint)a);
            k0 += WeylA;
            k1 += WeylB;
        }
        return (x0, x1, x2, x3);
    }
}
