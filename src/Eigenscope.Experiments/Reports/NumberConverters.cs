using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>A converter that only writes: reports are read by other programs.</summary>
internal abstract class WriteOnlyConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeof(T)} is written to reports, never read from them");
}

/// <summary>A finite number, or null.</summary>
internal sealed class FiniteDoubleConverter : WriteOnlyConverter<double>
{
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }
}

/// <summary>The value of a <see cref="Number"/>, or null.</summary>
internal sealed class NumberConverter : WriteOnlyConverter<Number>
{
    public override void Write(Utf8JsonWriter writer, Number value, JsonSerializerOptions options) => FiniteDoubleConverter.Write(writer, value.Value);
}

/// <summary>Lists of numbers on one line.</summary>
internal sealed class NumberListConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeof(IEnumerable<double>).IsAssignableFrom(typeToConvert) || typeof(IEnumerable<int>).IsAssignableFrom(typeToConvert) || typeof(IEnumerable<Number>).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        Type converter = typeof(IEnumerable<double>).IsAssignableFrom(typeToConvert) ? typeof(DoubleListConverter<>)
            : typeof(IEnumerable<int>).IsAssignableFrom(typeToConvert) ? typeof(IntegerListConverter<>) : typeof(UndefinedListConverter<>);
        return (JsonConverter)Activator.CreateInstance(converter.MakeGenericType(typeToConvert))!;
    }

    private static void WriteLine(Utf8JsonWriter writer, Action<Utf8JsonWriter> writeItems)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter line = new(buffer))
        {
            line.WriteStartArray();
            writeItems(line);
            line.WriteEndArray();
        }
        writer.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
    }

    private sealed class DoubleListConverter<TList> : WriteOnlyConverter<TList>
        where TList : IEnumerable<double>
    {
        public override void Write(Utf8JsonWriter writer, TList value, JsonSerializerOptions options) => WriteLine(writer, line =>
        {
            foreach (double item in value)
                FiniteDoubleConverter.Write(line, item);
        });
    }

    private sealed class IntegerListConverter<TList> : WriteOnlyConverter<TList>
        where TList : IEnumerable<int>
    {
        public override void Write(Utf8JsonWriter writer, TList value, JsonSerializerOptions options) => WriteLine(writer, line =>
        {
            foreach (int item in value)
                line.WriteNumberValue(item);
        });
    }

    private sealed class UndefinedListConverter<TList> : WriteOnlyConverter<TList>
        where TList : IEnumerable<Number>
    {
        public override void Write(Utf8JsonWriter writer, TList value, JsonSerializerOptions options) => WriteLine(writer, line =>
        {
            foreach (Number item in value)
                FiniteDoubleConverter.Write(line, item.Value);
        });
    }
}
