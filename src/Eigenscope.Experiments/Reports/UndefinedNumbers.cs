using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>Puts the reason beside every number that has no value: "name": null, "nameReason": "…".</summary>
internal static class UndefinedNumbers
{
    private const string Suffix = "Reason";
    private const string NotFinite = "not finite";

    /// <summary>Adds, after each property that may lack a value, a property with the reason that is written only when it does.</summary>
    public static void AddReasons(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        HashSet<string> names = [.. type.Properties.Select(static property => property.Name)];
        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            JsonPropertyInfo property = type.Properties[i];
            string name = property.Name + Suffix;
            KeepExplained(property, type.Properties.FirstOrDefault(other => other.Name == name));
            if (property.Get is null || names.Contains(name) || Explain(property.PropertyType) is not { } explain)
                continue;
            JsonPropertyInfo reason = type.CreateJsonPropertyInfo(typeof(string), name);
            Func<object, object?> get = property.Get;
            reason.Get = owner => explain(get(owner));
            reason.ShouldSerialize = static (_, value) => value is not null;
            type.Properties.Insert(i + 1, reason);
        }
    }

    // What is left out when it is null is written as null where its owner has a reason for it.
    private static void KeepExplained(JsonPropertyInfo property, JsonPropertyInfo? reason)
    {
        if (reason?.Get is { } explain && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) == true)
            property.ShouldSerialize = (owner, value) => value is not null || explain(owner) is not null;
    }

    private static Func<object?, string?>? Explain(Type type)
    {
        if (type == typeof(Number) || type == typeof(Number?))
            return static value => value is Number number ? number.Reason : null;
        if (type == typeof(double) || type == typeof(double?))
            return static value => value is double number && !double.IsFinite(number) ? NotFinite : null;
        if (typeof(IEnumerable<double>).IsAssignableFrom(type))
            return static value => value is IEnumerable<double> list ? ExplainList(list) : null;
        return typeof(IEnumerable<Number>).IsAssignableFrom(type)
            ? static value => (value as IEnumerable<Number>)?.Select(static number => number.Reason).FirstOrDefault(static reason => reason is not null)
            : null;
    }

    private static string? ExplainList(IEnumerable<double> list)
    {
        int count = list.Count(static value => !double.IsFinite(value));
        return count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} of its entries are {NotFinite}");
    }
}
