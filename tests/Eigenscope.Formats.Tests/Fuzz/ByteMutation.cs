using System.Buffers.Binary;
using System.Text;

namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>Damage that knows nothing of a format: flipped bits, cut, moved and borrowed blocks, and numbers where they hurt.</summary>
internal static class ByteMutation
{
    private const int Longest = 1 << 16;
    private static readonly ulong[] Numbers = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000001, 0x2000000000000001, 0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue];
    private static readonly string[] Digits = ["-1", "0", "2147483647", "2147483648", "4294967297", "9223372036854775807", "18446744073709551616", "1e999", "NaN", "00000000000", "77777777777"];

    /// <summary>One to four changes of the bytes.</summary>
    public static byte[] Mutate(byte[] bytes, FuzzRandom random, IReadOnlyList<byte[]> seeds)
    {
        for (int changes = 1 + random.Below(4); changes > 0; changes--)
            bytes = Change(bytes, random, random.Pick(seeds));
        return bytes.Length <= Longest ? bytes : bytes[..Longest];
    }

    /// <summary>A whole number as a protobuf has it, which may be one that no length should be.</summary>
    public static ulong Number(FuzzRandom random) => random.Below(3) == 0 ? random.Next() : Numbers[random.Below(Numbers.Length)];

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    private static byte[] Change(byte[] bytes, FuzzRandom random, byte[] other)
    {
        int start = random.Below(bytes.Length + 1);
        int end = start + random.Below(Math.Min(bytes.Length - start, Span(random)) + 1);
        byte[] block = bytes[start..end];
        return random.Below(13) switch
        {
            0 or 1 => Flip(bytes, random),
            2 => bytes[..start],
            3 => [.. bytes[..start], .. bytes[end..]],
            4 => [.. bytes[..end], .. block, .. bytes[end..]],
            5 => Swap(bytes, start, end),
            6 or 7 => Overwrite(bytes, start, Word(random)),
            8 => [.. bytes[..start], .. Borrow(other, random), .. bytes[end..]],
            9 => [.. bytes[..start], .. Varint(Number(random)), .. bytes[Math.Min(start + 1, bytes.Length)..]],
            10 => ReplaceDigits(bytes, start, random.Pick(Digits)),
            11 => [.. bytes[..start], .. random.Bytes(random.Below(16)), .. bytes[start..]],
            _ => [.. bytes[..start], .. Enumerable.Repeat((byte)random.Next(), block.Length), .. bytes[end..]],
        };
    }

    /// <summary>Mostly short blocks, now and then long ones.</summary>
    private static int Span(FuzzRandom random) => 1 << random.Below(12);

    private static byte[] Flip(byte[] bytes, FuzzRandom random)
    {
        byte[] flipped = [.. bytes];
        for (int bits = 1 + random.Below(3); bits > 0 && flipped.Length > 0; bits--)
            flipped[random.Below(flipped.Length)] ^= (byte)(1 << random.Below(8));
        return flipped;
    }

    private static byte[] Swap(byte[] bytes, int start, int end)
    {
        int middle = start + ((end - start) / 2);
        return [.. bytes[..start], .. bytes[middle..end], .. bytes[start..middle], .. bytes[end..]];
    }

    private static byte[] Overwrite(byte[] bytes, int start, byte[] word)
    {
        byte[] changed = [.. bytes];
        word.AsSpan(0, Math.Min(word.Length, changed.Length - start)).CopyTo(changed.AsSpan(start));
        return changed;
    }

    private static byte[] Word(FuzzRandom random)
    {
        byte[] word = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, Number(random));
        word = word[..(1 << random.Below(4))];
        if (random.Below(2) == 0)
            Array.Reverse(word);
        return word;
    }

    private static byte[] Borrow(byte[] other, FuzzRandom random)
    {
        int start = random.Below(other.Length + 1);
        return other[start..(start + random.Below(Math.Min(other.Length - start, Span(random)) + 1))];
    }

    /// <summary>The first number in digits after the start becomes another one.</summary>
    private static byte[] ReplaceDigits(byte[] bytes, int start, string digits)
    {
        int first = start;
        while (first < bytes.Length && !char.IsAsciiDigit((char)bytes[first]))
            first++;
        int last = first;
        while (last < bytes.Length && char.IsAsciiDigit((char)bytes[last]))
            last++;
        return [.. bytes[..first], .. Encoding.ASCII.GetBytes(digits), .. bytes[last..]];
    }
}
