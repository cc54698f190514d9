namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>Damage to a protobuf, field by field at any depth, with the lengths around it mended: what is read after it is whole.</summary>
internal static class FieldMutation
{
    private const int Deepest = 12;

    public static byte[] Mutate(byte[] bytes, FuzzRandom random, IReadOnlyList<byte[]> seeds) => Mutate(bytes, random, seeds, 0);

    private static byte[] Mutate(byte[] bytes, FuzzRandom random, IReadOnlyList<byte[]> seeds, int depth)
    {
        if (depth > Deepest || Parse(bytes) is not { Count: > 0 } fields)
            return ByteMutation.Mutate(bytes, random, seeds);
        int at = random.Below(fields.Count);
        Field field = fields[at];
        if (field.Wire == 2 && random.Below(4) > 0)
        {
            fields[at] = field with { Payload = Mutate(field.Payload, random, seeds, depth + 1) };
            return Encode(fields);
        }
        int other = random.Below(fields.Count);
        switch (random.Below(8))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(other, field);
                break;
            case 2:
                (fields[at], fields[other]) = (fields[other], field);
                break;
            case 3:
                fields[at] = field with { Number = (ulong)(1 + random.Below(26)) };
                break;
            case 4:
                fields[at] = field with { Wire = random.Below(8) };
                break;
            case 5:
                fields[at] = field with { Length = ByteMutation.Number(random) };
                break;
            case 6:
                fields[at] = field.Wire == 2 ? field with { Payload = [.. Enumerable.Repeat(field.Payload, 1 + random.Below(20)).SelectMany(static payload => payload)] } : field with { Value = ByteMutation.Number(random) };
                break;
            default:
                fields[at] = field.Wire == 2 ? field with { Payload = fields[other].Payload } : field with { Value = ByteMutation.Number(random) };
                break;
        }
        return Encode(fields);
    }

    private static List<Field>? Parse(ReadOnlySpan<byte> bytes)
    {
        List<Field> fields = [];
        while (bytes.Length > 0)
        {
            if (!Take(ref bytes, out ulong tag))
                return null;
            int wire = (int)(tag & 7);
            ulong value = 0;
            if (wire is 0 or 2 && !Take(ref bytes, out value))
                return null;
            ulong length = wire switch { 0 => 0, 1 => 8, 2 => value, 5 => 4, _ => ulong.MaxValue };
            if (length > (ulong)bytes.Length || tag >> 3 == 0)
                return null;
            fields.Add(new Field(tag >> 3, wire, value, bytes[..(int)length].ToArray(), length));
            bytes = bytes[(int)length..];
        }
        return fields;
    }

    private static bool Take(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }

    private static byte[] Encode(List<Field> fields)
    {
        List<byte> bytes = [];
        foreach (Field field in fields)
        {
            bytes.AddRange(ByteMutation.Varint((field.Number << 3) | (uint)field.Wire));
            if (field.Wire == 0)
                bytes.AddRange(ByteMutation.Varint(field.Value));
            else if (field.Wire == 2)
                bytes.AddRange(ByteMutation.Varint(field.Length == field.Value ? (ulong)field.Payload.Length : field.Length));
            bytes.AddRange(field.Payload);
        }
        return [.. bytes];
    }

    /// <param name="Number">Number of the field.</param>
    /// <param name="Wire">How it is encoded.</param>
    /// <param name="Value">Of a whole number itself, of a payload its length as it was.</param>
    /// <param name="Payload">The bytes after the number.</param>
    /// <param name="Length">As <paramref name="Value"/>, unless the length is to be a lie.</param>
    private sealed record Field(ulong Number, int Wire, ulong Value, byte[] Payload, ulong Length);
}
