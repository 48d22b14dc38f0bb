using System.Text;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using DispatchCenter.Hub;
using DispatchCenter.Unit.Pages;

namespace DispatchCenter.Unit.House;

/// <summary>
/// Who uses whom in src/Hub, read from the compiled code: Kernel ← Street ← Register ← Ledger ← Feed ← features, and no feature another. The drawing stands in
/// docs/architecture.md; to draw it anew: DISPATCH_WRITE_DOCS=true.
/// </summary>
public sealed class HousePlan
{
    private const string Root = "DispatchCenter.Hub";
    private const string Features = "Features.";
    private const string Begin = "<!-- drawn by the unit tests -->\n```mermaid\n";
    private const string End = "```\n";

    /// <summary>Each room may use those before it.</summary>
    private static readonly string[] Layers = ["Kernel", "Street", "Register", "Ledger", "Feed"];

    private static readonly Lazy<Arrow[]> Drawn = new(() => Draw(new ArchLoader().LoadAssemblies(typeof(Modules).Assembly).Build()));

    /// <param name="Why">One of the places.</param>
    private sealed record Arrow(string From, string To, string Why);

    [Fact]
    public void No_room_uses_one_above_it_and_no_feature_another() => Assert.Empty(Wrong(Drawn.Value));

    [Fact]
    public void Every_file_stands_in_a_room()
    {
        string[] rooms = [.. Modules.All.Select(m => m.Name), "Kernel", string.Empty];
        Assert.Empty(Drawn.Value.SelectMany(a => new[] { a.From, a.To }).Select(room => room.Replace(Features, string.Empty, StringComparison.Ordinal)).Except(rooms));
    }

    [Theory]
    [InlineData("Kernel", "Ledger")]
    [InlineData("Kernel", "Features.People")]
    [InlineData("Ledger", "Feed")]
    [InlineData("Street", "Ledger")]
    [InlineData("Register", "Ledger")]
    [InlineData("Feed", "Features.Reach")]
    [InlineData("Features.People", "Features.Reach")]
    [InlineData("Features.New", "")]
    public void A_wrong_arrow_is_seen(string from, string to) =>
        Assert.Equal($"{from} → {to}: here", Assert.Single(Wrong([.. Drawn.Value, new Arrow(from, to, "here")])));

    [Fact]
    public void The_drawing_is_that_of_the_code()
    {
        var path = Path.Combine(Sources.Root, "docs", "architecture.md");
        var text = File.ReadAllText(path);
        var (from, made) = (text.IndexOf(Begin, StringComparison.Ordinal), Drawing());
        Assert.True(from >= 0, "docs/architecture.md has no place for the drawing.");
        from += Begin.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_DOCS") == "true") File.WriteAllText(path, text[..from] + made + text[to..]);
        Assert.True(text[from..to] == made || File.ReadAllText(path).Contains(made, StringComparison.Ordinal), "The drawing in docs/architecture.md is stale: run the unit tests with DISPATCH_WRITE_DOCS=true, read what has changed, and commit it.");
    }

    private static List<string> Wrong(IEnumerable<Arrow> arrows) => [.. arrows.Where(a => !IsRight(a)).Select(a => $"{a.From} → {a.To}: {a.Why}")];

    private static bool IsRight(Arrow arrow)
    {
        if (arrow.From.Length == 0) return true; // what puts the house together
        var (from, to) = (Array.IndexOf(Layers, arrow.From), Array.IndexOf(Layers, arrow.To));
        return to >= 0 && (from < 0 || to < from);
    }

    private static string Drawing()
    {
        var text = new StringBuilder("graph BT\n");
        foreach (var arrow in Drawn.Value.Where(a => a.From.Length > 0).Select(a => $"  {Node(a.From)} --> {Node(a.To)}").Distinct().Order(StringComparer.Ordinal)) text.Append(arrow).Append('\n');
        return text.ToString();

        static string Node(string room) => room.Replace(Features, string.Empty, StringComparison.Ordinal);
    }

    /// <summary>One arrow for each pair of rooms, with one of the places that make it.</summary>
    private static Arrow[] Draw(Architecture code) =>
    [
        .. from type in code.Types
           where RoomOf(type) is not null
           from dependency in type.Dependencies
           where dependency.Target is not GenericParameter // what stands for any type is of no room
           where RoomOf(dependency.Target) is not null && RoomOf(dependency.Target) != RoomOf(type)
           group $"{type.FullName} uses {dependency.Target.FullName}" by (From: RoomOf(type)!, To: RoomOf(dependency.Target)!) into pair
           orderby pair.Key.From, pair.Key.To
           select new Arrow(pair.Key.From, pair.Key.To, pair.Order(StringComparer.Ordinal).First()),
    ];

    /// <summary>"Kernel", "Features.People"; empty for what puts the house together, null for what is not of it.</summary>
    private static string? RoomOf(IType type)
    {
        var space = type.Namespace?.FullName ?? string.Empty;
        if (space == Root) return string.Empty;
        if (!space.StartsWith(Root + ".", StringComparison.Ordinal)) return null;
        var parts = space[(Root.Length + 1)..].Split('.');
        return parts[0] == "Features" ? Features + parts[1] : parts[0];
    }
}
