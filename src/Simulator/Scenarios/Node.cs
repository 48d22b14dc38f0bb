using System.Text;
using System.Text.Json;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>One value of a JSON text, with its path and where it begins: line and column count from 1, the column in characters.</summary>
internal abstract record Node(string Path, int Line, int Column)
{
    public sealed record Group(string Path, int Line, int Column, IReadOnlyList<Member> Members) : Node(Path, Line, Column);

    public sealed record Items(string Path, int Line, int Column, IReadOnlyList<Node> All) : Node(Path, Line, Column);

    public sealed record Text(string Path, int Line, int Column, string Value) : Node(Path, Line, Column);

    public sealed record Number(string Path, int Line, int Column, double Value) : Node(Path, Line, Column);

    public sealed record Truth(string Path, int Line, int Column, bool Value) : Node(Path, Line, Column);

    public sealed record Nothing(string Path, int Line, int Column) : Node(Path, Line, Column);

    /// <summary>How the value is shown in a message.</summary>
    public string Shown => this switch
    {
        Group => "an object",
        Items => "a list",
        Text text => $"\"{text.Value}\"",
        Number number => FormattableString.Invariant($"{number.Value}"),
        Truth truth => truth.Value ? "true" : "false",
        Nothing => "null",
        _ => throw new InvalidOperationException($"Unknown node {GetType().Name}."),
    };
}

/// <summary>A member of an object: where its name begins, and its value.</summary>
internal sealed record Member(string Name, int Line, int Column, Node Value);

/// <summary>Reads a JSON text with comments and trailing commas into nodes.</summary>
internal ref struct NodeReader
{
    /// <summary>In bytes; a scenario that a person writes is far smaller.</summary>
    public const int MaxBytes = 262_144;

    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _text;
    private readonly string _file;
    private Utf8JsonReader _reader;

    private NodeReader(ReadOnlySpan<byte> text, string file)
    {
        _text = text;
        _file = file;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
    }

    /// <exception cref="BadInputException">Not JSON, too large, or a member that stands twice: with file, line and column.</exception>
    public static Node Read(ReadOnlySpan<byte> text, string file)
    {
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
        if (text.Length > MaxBytes) throw new BadInputException($"{file} has {text.Length:N0} bytes; a scenario has {MaxBytes:N0} at most.");
        var reader = new NodeReader(text, file);
        try
        {
            reader._reader.Read();
            var root = reader.Value("");
            reader._reader.Read(); // nothing but comments may follow
            return root;
        }
        catch (JsonException e)
        {
            var (line, column) = reader.Place(LineStart(text, (int)(e.LineNumber ?? 0)) + (int)(e.BytePositionInLine ?? 0));
            throw new BadInputException($"{file}({line},{column}): this is not JSON: {WithoutPlace(e.Message)}", e);
        }
        catch (InvalidOperationException e) // bytes that are not UTF-8, or half a surrogate pair
        {
            var (line, column) = reader.Place((int)reader._reader.TokenStartIndex);
            throw new BadInputException($"{file}({line},{column}): this text is not UTF-8: save the file as UTF-8.", e);
        }
    }

    private Node Value(string path)
    {
        var (line, column) = Place((int)_reader.TokenStartIndex);
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => Group(path, line, column),
            JsonTokenType.StartArray => Items(path, line, column),
            JsonTokenType.String => new Node.Text(path, line, column, _reader.GetString()!),
            JsonTokenType.Number => new Node.Number(path, line, column, _reader.TryGetDouble(out var number) ? number : double.PositiveInfinity),
            JsonTokenType.True => new Node.Truth(path, line, column, true),
            JsonTokenType.False => new Node.Truth(path, line, column, false),
            JsonTokenType.Null => new Node.Nothing(path, line, column),
            var other => throw new JsonException($"Unexpected {other}."),
        };
    }

    private Node.Group Group(string path, int line, int column)
    {
        var members = new List<Member>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var (nameLine, nameColumn) = Place((int)_reader.TokenStartIndex);
            var name = _reader.GetString()!;
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (members.Exists(m => m.Name == name)) throw new BadInputException($"{_file}({nameLine},{nameColumn}): {inner} stands twice; a member is allowed once.");
            _reader.Read();
            members.Add(new Member(name, nameLine, nameColumn, Value(inner)));
        }

        return new Node.Group(path, line, column, members);
    }

    private Node.Items Items(string path, int line, int column)
    {
        var all = new List<Node>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) all.Add(Value($"{path}[{all.Count}]"));
        return new Node.Items(path, line, column, all);
    }

    private readonly (int Line, int Column) Place(int at)
    {
        var before = _text[..Math.Clamp(at, 0, _text.Length)];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    private static int LineStart(ReadOnlySpan<byte> text, int line)
    {
        var start = 0;
        for (; line > 0 && text[start..].IndexOf((byte)'\n') is var next and >= 0; line--) start += next + 1;
        return start;
    }

    /// <summary>The message of the library without its own count from 0.</summary>
    private static string WithoutPlace(string message) => message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var at and >= 0 ? message[..at] : message;
}
