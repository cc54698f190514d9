namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>A reader, files that it reads, and what it may cost.</summary>
/// <param name="Name">What a test calls it.</param>
/// <param name="Seeds">Files that are whole.</param>
/// <param name="Read">Reads a file, its numbers too.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Action<string> Read)
{
    /// <summary>Memory that any file may cost: the buffers of streams.</summary>
    public const long FixedBytes = 1 << 20;

    /// <summary>Memory that a byte of a file may cost: with <see cref="FixedBytes"/>, the bound on everything allocated while it is read.</summary>
    public required long BytesPerByte { get; init; }

    /// <summary>Damages a file.</summary>
    public Func<byte[], FuzzRandom, IReadOnlyList<byte[]>, byte[]> Mutate { get; init; } = ByteMutation.Mutate;

    /// <summary>Makes the file from the damaged bytes: compresses them, mends a checksum or a length, so that the damage is met farther inside. The bytes count as the file's size.</summary>
    public Func<byte[], byte[]> Wrap { get; init; } = static bytes => bytes;

    /// <summary>Further files beside the one that is read, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside { get; init; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    public override string ToString() => Name;
}
