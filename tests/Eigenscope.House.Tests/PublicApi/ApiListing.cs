using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Eigenscope.House.Tests.PublicApi;

/// <summary>
/// The public face of an assembly as text: one line a type, one a member, in ordinal order, so that a change of the interface is a line of a diff.
/// What the compiler writes for a record (equality, copying, printing) is left out: "record" says it.
/// </summary>
internal static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, Type> group in assembly.GetExportedTypes().GroupBy(type => type.Namespace ?? "", StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(group.Key).Append('\n');
            foreach (Type type in group.OrderBy(FullTypeName, StringComparer.Ordinal))
                AppendType(text, type);
            text.Append('\n');
        }
        return text.ToString();
    }

    private static void AppendType(StringBuilder text, Type type)
    {
        text.Append("\n  ").Append(Heading(type)).Append('\n');
        foreach (string member in Members(type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            text.Append("    ").Append(member).Append('\n');
    }

    private static string Heading(Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        return $"{Kind(type)} {FullTypeName(type)}{Bases(type)}{TypeNames.Constraints(arguments)}";
    }

    private static string FullTypeName(Type type) =>
        type.DeclaringType is null ? TypeNames.Of(type) : $"{FullTypeName(type.DeclaringType)}.{TypeNames.Of(type)}";

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return IsFlags(type) ? "[Flags] enum" : "enum";
        if (type.IsInterface)
            return "interface";
        if (type.IsSubclassOf(typeof(Delegate)))
            return "delegate";
        if (type.IsValueType)
            return $"{(Has<IsReadOnlyAttribute>(type) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}struct";
        string modifier = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        return modifier + (type.GetMethod("<Clone>$", Declared) is null ? "class" : "record");
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(Delegate)))
            return "";
        List<string> bases = [];
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Add(TypeNames.Of(parent));
        bases.AddRange(type.GetInterfaces().Where(face => !face.Name.StartsWith("IEquatable`", StringComparison.Ordinal)).Select(TypeNames.Of).Order(StringComparer.Ordinal));
        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        if (type.IsSubclassOf(typeof(Delegate)))
            return [Method(type.GetMethod("Invoke")!)];
        return type.GetConstructors(Declared).Where(IsVisible).Where(IsWritten).Select(constructor => $"{Access(constructor)}{TypeNames.Of(type).Split('<')[0]}({TypeNames.Parameters(constructor)})")
            .Concat(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(Field))
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(IsVisible) && IsWritten(property) && !IsEqualityContract(property)).Select(Property))
            .Concat(type.GetEvents(Declared).Where(item => IsVisible(item.AddMethod!)).Select(item => $"event {TypeNames.Of(item.EventHandlerType!)} {item.Name}"))
            .Concat(type.GetMethods(Declared).Where(method => IsVisible(method) && IsWritten(method) && (!method.IsSpecialName || IsOperator(method))).Select(Method));
    }

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {TypeNames.Of(field.FieldType)} {field.Name} = {TypeNames.Constant(field.GetRawConstantValue())}"
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeNames.Of(field.FieldType)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        MethodInfo accessor = property.GetAccessors(true).First(IsVisible);
        string name = property.GetIndexParameters().Length == 0 ? property.Name : $"this[{TypeNames.Parameters(property)}]";
        string get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        string set = property.SetMethod is { } setter && IsVisible(setter) ? IsInit(setter) ? "init; " : "set; " : "";
        string required = Has<RequiredMemberAttribute>(property) ? "required " : "";
        return $"{Access(accessor)}{Modifier(accessor)}{required}{Reference(accessor.ReturnParameter)}{TypeNames.Of(property.PropertyType, new NullabilityInfoContext().Create(property))} {name} {{ {get}{set}}}";
    }

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";
        string returned = Reference(method.ReturnParameter) + TypeNames.Of(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter));
        return $"{Access(method)}{Modifier(method)}{returned} {method.Name}{generic}({TypeNames.Parameters(method)}){TypeNames.Constraints(method.GetGenericArguments())}";
    }

    private static string Reference(ParameterInfo returned) => !returned.ParameterType.IsByRef ? ""
        : returned.GetRequiredCustomModifiers().Any(modifier => string.Equals(modifier.Name, "InAttribute", StringComparison.Ordinal)) ? "ref readonly " : "ref ";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method)
    {
        if (method.IsStatic)
            return "static ";
        if (!method.IsVirtual || method.IsFinal)
            return "";
        return method.GetBaseDefinition() != method ? "override " : method.IsAbstract ? "abstract " : "virtual ";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsWritten(MemberInfo member) => !Has<CompilerGeneratedAttribute>(member);

    private static bool IsEqualityContract(PropertyInfo property) => string.Equals(property.Name, "EqualityContract", StringComparison.Ordinal);

    private static bool IsOperator(MethodInfo method) => method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsFlags(Type type) => Has<FlagsAttribute>(type);

    private static bool Has<TAttribute>(MemberInfo member) => member.CustomAttributes.Any(attribute => attribute.AttributeType == typeof(TAttribute));
}
