using System.Text.Json;
using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Reports;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Reports;

public sealed class ReportJsonTests
{
    [Fact]
    public void The_outermost_properties_stand_in_the_promised_order() =>
        Assert.Equal(["schema", "command", "version", "environment", "config", "result"], Write(new Plain()).EnumerateObject().Select(property => property.Name));

    [Fact]
    public void An_undefined_number_has_its_reason_beside_it_and_a_defined_one_has_none()
    {
        Numbers numbers = new() { Measured = Number.Of(0.25), Missing = Number.Undefined("only the last layer has one") };

        string text = WriteText(numbers);

        Assert.Contains("\"measured\": 0.25,\n", text, StringComparison.Ordinal);
        Assert.Contains("\"missing\": null,\n    \"missingReason\": \"only the last layer has one\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("measuredReason", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_that_is_not_finite_becomes_null_with_a_reason(double value)
    {
        JsonElement result = Write(new Doubles { Value = value, Optional = value, List = [1.0, value] }).GetProperty("result");

        Assert.Equal("""{"value":null,"valueReason":"not finite","optional":null,"optionalReason":"not finite","list":[1,null],"listReason":"1 of its entries are not finite"}""", JsonSerializer.Serialize(result));
    }

    [Fact]
    public void A_finite_number_is_written_so_that_it_reads_back_to_the_same_bits()
    {
        double[] values = [0.1, -1.0 / 3.0, 5e-324, double.MaxValue, -0.0, 12345678901234567];

        JsonElement result = Write(new Doubles { Value = 5e-4, Optional = null, List = values }).GetProperty("result");

        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), result.GetProperty("list").EnumerateArray().Select(item => BitConverter.DoubleToInt64Bits(item.GetDouble())));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("optional").ValueKind);
        Assert.False(result.TryGetProperty("optionalReason", out _));
    }

    [Fact]
    public void Lists_of_numbers_stand_on_one_line() =>
        Assert.Contains("\"list\": [1,2.5,-3]\n", WriteText(new Doubles { Value = 1, Optional = 2, List = [1, 2.5, -3] }), StringComparison.Ordinal);

    [Fact]
    public void Null_is_written_unless_marked_and_names_are_camel_case()
    {
        JsonElement result = Write(new Plain()).GetProperty("result");

        Assert.Equal("""{"plainName":null,"status":"budget-exhausted"}""", JsonSerializer.Serialize(result));
    }

    [Fact]
    public void What_is_left_out_when_it_is_null_is_written_where_it_has_a_reason()
    {
        Assert.Equal("""{"errors":null,"errorsReason":"too costly"}""", JsonSerializer.Serialize(Write(new Explained { ErrorsReason = "too costly" }).GetProperty("result")));
        Assert.Equal("""{"errors":[1]}""", JsonSerializer.Serialize(Write(new Explained { Errors = [1.0] }).GetProperty("result")));
        Assert.Equal("{}", JsonSerializer.Serialize(Write(new Explained()).GetProperty("result")));
    }

    [Fact]
    public void The_reason_for_fallback_kernels_is_told_only_when_there_is_one()
    {
        JsonElement environment = Write(new Plain(), "no library").GetProperty("environment");
        Assert.Equal("no library", environment.GetProperty("blasFallback").GetString());
        Assert.False(Write(new Plain()).GetProperty("environment").TryGetProperty("blasFallback", out _));
    }

    [Fact]
    public void Config_holds_whatever_options_hold()
    {
        JsonElement config = Write(new Plain()).GetProperty("config");

        Assert.Equal("""{"data":"λ/digits","width":128,"seed":18446744073709551615,"epochs":null}""", JsonSerializer.Serialize(config, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public void A_file_is_replaced_whole()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("out.json", "before");

        ReportJson.Write(Create(new Plain(), null), path);

        Assert.Equal(WriteText(new Plain()), File.ReadAllText(path));
        Assert.Equal(["out.json"], folder.Entries);
    }

    private static JsonElement Write(object result, string? fallback = null)
    {
        using JsonDocument document = JsonDocument.Parse(WriteText(result, fallback));
        return document.RootElement.Clone();
    }

    private static string WriteText(object result, string? fallback = null)
    {
        using MemoryStream stream = new();
        ReportJson.Write(Create(result, fallback), stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Report Create(object result, string? fallback) => new()
    {
        Command = "study",
        Version = "1.2.3",
        Environment = new RunEnvironment("kernels", fallback, 2, "float64", "a machine", ".NET"),
        Config = new Dictionary<string, object?>(StringComparer.Ordinal) { ["data"] = "λ/digits", ["width"] = 128, ["seed"] = ulong.MaxValue, ["epochs"] = null },
        Result = result,
        IsConverged = true,
    };

    private enum Status
    {
        Converged,
        BudgetExhausted,
    }

    private sealed record Numbers
    {
        public Number Measured { get; init; }

        public Number Missing { get; init; }
    }

    private sealed record Doubles
    {
        public double Value { get; init; }

        public double? Optional { get; init; }

        public IReadOnlyList<double> List { get; init; } = [];
    }

    private sealed record Explained
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<double>? Errors { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? ErrorsReason { get; init; }
    }

    private sealed record Plain
    {
        public string? PlainName { get; init; }

        public Status Status { get; init; } = Status.BudgetExhausted;

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Hidden { get; init; }
    }
}
