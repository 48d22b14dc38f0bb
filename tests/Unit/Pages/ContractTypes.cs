using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Unit.Pages;

/// <summary>
/// contracts.d.ts, made from what crosses the wire, so that the type checker of the pages' scripts knows what the compiler knows. To write it
/// anew: DISPATCH_WRITE_DOCS=true.
/// </summary>
public sealed class ContractTypes
{
    private const string Head = """
        // The shapes that cross the wire, made from src/Contracts: do not edit. Renewed by the unit tests with DISPATCH_WRITE_DOCS=true.
        // Times are ISO 8601 with offset, days yyyy-MM-dd.


        """;

    [Fact]
    public void The_types_of_the_pages_scripts_are_those_of_the_contracts()
    {
        var (path, made) = (Path.Combine(Sources.Root, "src", "Web", "wwwroot", "js", "contracts.d.ts"), Make());
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_DOCS") == "true") File.WriteAllText(path, made);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == made, "contracts.d.ts is stale: run the unit tests with DISPATCH_WRITE_DOCS=true, read what has changed, and commit it.");
    }

    private static string Make()
    {
        var roots = typeof(ContractsJson).GetCustomAttributesData().Where(a => a.AttributeType == typeof(JsonSerializableAttribute)).Select(a => (Type)a.ConstructorArguments[0].Value!);
        var shapes = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var root in roots) Collect(root, shapes);
        var text = new StringBuilder(Head);
        text.AppendJoin("\n", shapes.Values.Select(Shape));
        return text.ToString();
    }

    private static void Collect(Type type, SortedDictionary<string, Type> shapes)
    {
        if (type.IsArray || type.IsGenericType)
        {
            foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments()) Collect(part, shapes);
            return;
        }

        if (type.Namespace != typeof(CallCard).Namespace || !shapes.TryAdd(type.Name, type)) return;
        foreach (var member in Members(type)) Collect(member.PropertyType, shapes);
    }

    private static IEnumerable<PropertyInfo> Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);

    private static string Shape(Type type)
    {
        var text = new StringBuilder($"export interface {type.Name} {{\n");
        var nullability = new NullabilityInfoContext();
        foreach (var member in Members(type))
        {
            var maybe = Nullable.GetUnderlyingType(member.PropertyType) is not null || nullability.Create(member).ReadState == NullabilityState.Nullable;
            // What is left out where it is null; and in a request everything that may be null may be left out.
            var absent = member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull || (maybe && type.Name.EndsWith("Request", StringComparison.Ordinal));
            text.Append($"  {JsonNamingPolicy.CamelCase.ConvertName(member.Name)}{(absent ? "?" : string.Empty)}: {TypeOf(member.PropertyType)}{(maybe && !absent ? " | null" : string.Empty)};\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string TypeOf(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string) || plain == typeof(DateTimeOffset) || plain == typeof(DateOnly)) return "string";
        if (plain == typeof(bool)) return "boolean";
        if (plain == typeof(int) || plain == typeof(long) || plain == typeof(double)) return "number";
        if (plain == typeof(System.Text.Json.JsonElement)) return "unknown";
        if (plain.IsArray) return $"{TypeOf(plain.GetElementType()!)}[]";
        if (plain.GetGenericArguments() is [var key, var value] && key == typeof(string)) return $"Record<string, {TypeOf(value)}>";
        if (typeof(IEnumerable).IsAssignableFrom(plain) && plain.GetGenericArguments() is [var item]) return $"{TypeOf(item)}[]";
        return plain.Namespace == typeof(CallCard).Namespace ? plain.Name : throw new InvalidOperationException($"{plain} has no type of a script: teach it here.");
    }
}
