namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): input number i is the same wherever and whenever it is made.</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below the bound, which is at least 1.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = (byte)Next();
        return bytes;
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
