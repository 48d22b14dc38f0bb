using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace DispatchCenter.Mutants;

/// <summary>
/// Every mutant of a file. What cannot change behaviour that a test may see is left out by rule: logs, metrics, texts of exceptions, attributes,
/// capacities, disposal, <c>ReferenceEquals</c> (it only saves work), hash codes and <c>ToString</c>.
/// </summary>
internal sealed class Operators(string area, string path, SemanticModel model) : CSharpSyntaxWalker
{
    private static readonly Dictionary<SyntaxKind, string[]> Binary = new()
    {
        [LessThanExpression] = ["<=", ">="],
        [LessThanOrEqualExpression] = ["<", ">"],
        [GreaterThanExpression] = [">=", "<="],
        [GreaterThanOrEqualExpression] = [">", "<"],
        [EqualsExpression] = ["!="],
        [NotEqualsExpression] = ["=="],
        [AddExpression] = ["-"],
        [SubtractExpression] = ["+"],
        [MultiplyExpression] = ["/"],
        [DivideExpression] = ["*"],
        [ModuloExpression] = ["*"],
    };

    private static readonly Dictionary<string, string> Calls = new()
    {
        ["Any"] = "All", ["All"] = "Any", ["Exists"] = "TrueForAll", ["TrueForAll"] = "Exists",
        ["First"] = "Last", ["Last"] = "First", ["FirstOrDefault"] = "LastOrDefault", ["LastOrDefault"] = "FirstOrDefault",
        ["Min"] = "Max", ["Max"] = "Min", ["MinBy"] = "MaxBy", ["MaxBy"] = "MinBy",
        ["OrderBy"] = "OrderByDescending", ["OrderByDescending"] = "OrderBy", ["ThenBy"] = "ThenByDescending", ["ThenByDescending"] = "ThenBy",
        ["Union"] = "Intersect", ["Intersect"] = "Union", ["TakeWhile"] = "SkipWhile", ["SkipWhile"] = "TakeWhile", ["Take"] = "Skip", ["Skip"] = "Take",
        ["Floor"] = "Ceiling", ["Ceiling"] = "Floor", ["StartsWith"] = "EndsWith", ["EndsWith"] = "StartsWith",
    };

    private static readonly HashSet<string> Filters = ["Where", "Any", "All", "Exists", "TrueForAll", "First", "FirstOrDefault", "Last", "LastOrDefault", "Single", "SingleOrDefault", "Count", "TakeWhile", "SkipWhile", "RemoveAll", "Find", "FindIndex"];

    private static readonly HashSet<string> Unseen = ["HubLog", "Telemetry", "Debug", "ArgumentNullException", "ArgumentOutOfRangeException", "ArgumentException", "ObjectDisposedException", "Activity"];

    private readonly List<Mutant> _found = [];
    private readonly Dictionary<(string, string, string), int> _nth = [];

    public static IReadOnlyList<Mutant> Of(string area, string path, SemanticModel model)
    {
        var walker = new Operators(area, path, model);
        walker.Visit(model.SyntaxTree.GetRoot());
        return walker._found;
    }

    public override void VisitAttributeList(AttributeListSyntax node) { }

    public override void VisitThrowExpression(ThrowExpressionSyntax node) { }

    public override void VisitThrowStatement(ThrowStatementSyntax node) { }

    public override void VisitEnumDeclaration(EnumDeclarationSyntax node) { }

    public override void VisitParameter(ParameterSyntax node) { }

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        if (node.Identifier.Text is not ("ToString" or "GetHashCode" or "Dispose" or "DisposeAsync")) base.VisitMethodDeclaration(node);
    }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (!node.Modifiers.Any(ConstKeyword))
        {
            base.VisitFieldDeclaration(node);
            return;
        }

        if (node.Declaration.Variables is not [{ Initializer.Value: var value } one] || Other(value) is not { } other) return;
        var head = string.Concat(node.Modifiers.Where(m => !m.IsKind(ConstKeyword)).Select(m => m.Text + " ")) + $"static {node.Declaration.Type} {one.Identifier.Text} => ";
        var before = value.ToString();
        Add(node, node.Span, "constant", $"{one.Identifier.Text} = {before}", $"{one.Identifier.Text} = {other}", (on, _) => $"{head}{on} ? {other} : {before};");
    }

    public override void VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node)
    {
        if (!node.Modifiers.Any(ConstKeyword)) base.VisitLocalDeclarationStatement(node);
    }

    public override void VisitLiteralExpression(LiteralExpressionSyntax node)
    {
        if (node.Parent is PrefixUnaryExpressionSyntax || IsConstantPlace(node) || Other(node) is not { } other) return;
        Either(node, node.IsKind(NumericLiteralExpression) ? "number" : node.IsKind(StringLiteralExpression) ? "string" : "boolean", other);
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        base.VisitBinaryExpression(node);
        if (IsConstantPlace(node)) return;
        if (Binary.TryGetValue(node.Kind(), out var others))
        {
            foreach (var other in others) Either(node, node.Kind() is AddExpression or SubtractExpression or MultiplyExpression or DivideExpression or ModuloExpression ? "arithmetic" : "relation", $"{node.Left} {other} {node.Right}");
        }
        else if (node.IsKind(LogicalAndExpression) || node.IsKind(LogicalOrExpression))
        {
            // An operand that never decides; unlike the exchange of && and ||, this leaves a pattern's variables where they were.
            var decides = node.IsKind(LogicalAndExpression);
            Condition(node.Right, decides, "logic");
            if (!(node.Left is BinaryExpressionSyntax { RawKind: var kind } && kind == node.RawKind)) Condition(node.Left, decides, "logic");
        }
        else if (node.IsKind(CoalesceExpression) && node.Right is not ThrowExpressionSyntax)
        {
            Either(node, "null", $"({node.Right})");
            Either(node, "null", $"({node.Left})!");
        }
    }

    public override void VisitConditionalAccessExpression(ConditionalAccessExpressionSyntax node)
    {
        base.VisitConditionalAccessExpression(node);
        if (node.Parent is not (ConditionalAccessExpressionSyntax or ExpressionStatementSyntax)) Either(node, "null", $"{node.Expression}!{node.WhenNotNull}");
    }

    public override void VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        base.VisitPrefixUnaryExpression(node);
        if (IsConstantPlace(node)) return;
        if (node.IsKind(LogicalNotExpression)) Either(node, "negation", $"({node.Operand})");
        else if (node.IsKind(UnaryMinusExpression)) Either(node, "arithmetic", $"({node.Operand})");
    }

    public override void VisitIsPatternExpression(IsPatternExpressionSyntax node)
    {
        base.VisitIsPatternExpression(node);
        if (node.DescendantNodes().Any(n => n is SingleVariableDesignationSyntax) || IsConstantPlace(node)) return;
        foreach (var relation in node.Pattern.DescendantNodesAndSelf().OfType<RelationalPatternSyntax>())
        {
            var other = relation.OperatorToken.Text switch { "<" => "<=", "<=" => "<", ">" => ">=", _ => ">" };
            var text = node.ToString();
            var at = relation.OperatorToken.SpanStart - node.SpanStart;
            Either(node, "relation", text[..at] + other + text[(at + relation.OperatorToken.Span.Length)..]);
        }

        Add(node, node.Span, "negation", node.ToString(), $"!({node})", (on, was) => $"({on} != ({was}))");
    }

    public override void VisitIfStatement(IfStatementSyntax node)
    {
        base.VisitIfStatement(node);
        Condition(node.Condition, true, "condition");
        Condition(node.Condition, false, node.Statement.DescendantNodesAndSelf().Any(n => n is ReturnStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax) ? "guard" : "condition");
    }

    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        base.VisitWhileStatement(node);
        if (!node.Condition.IsKind(TrueLiteralExpression)) Condition(node.Condition, false, "condition");
    }

    public override void VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        base.VisitConditionalExpression(node);
        Condition(node.Condition, true, "condition");
        Condition(node.Condition, false, "condition");
    }

    public override void VisitWhenClause(WhenClauseSyntax node)
    {
        base.VisitWhenClause(node);
        Condition(node.Condition, true, "condition");
        Condition(node.Condition, false, "condition");
    }

    public override void VisitSwitchExpressionArm(SwitchExpressionArmSyntax node)
    {
        base.VisitSwitchExpressionArm(node);
        if (node.WhenClause is not null || node.Pattern is DiscardPatternSyntax or VarPatternSyntax || node.Expression is ThrowExpressionSyntax) return;
        if (node.Parent is SwitchExpressionSyntax all && all.Arms.Last() == node) return;
        Add(node, node.Pattern.Span, "arm", $"{node.Pattern} => …", "", (on, was) => $"{was} when !{on}");
    }

    public override void VisitCaseSwitchLabel(CaseSwitchLabelSyntax node) =>
        Add(node, node.Value.Span, "arm", node.ToString(), "", (on, was) => $"{was} when !{on}");

    public override void VisitArrowExpressionClause(ArrowExpressionClauseSyntax node)
    {
        base.VisitArrowExpressionClause(node);
        Returned(node.Expression);
    }

    public override void VisitReturnStatement(ReturnStatementSyntax node)
    {
        base.VisitReturnStatement(node);
        if (node.Expression is { } value) Returned(value);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (IsUnseen(node)) return;
        base.VisitInvocationExpression(node);
        if (node.Expression is not MemberAccessExpressionSyntax { Name: SimpleNameSyntax name } access) return;
        if (Calls.TryGetValue(name.Identifier.Text, out var other))
            Either(node, "call", $"{access.Expression}.{other}{(name is GenericNameSyntax generic ? generic.TypeArgumentList : null)}{node.ArgumentList}");
        if (name.Identifier.Text is "Distinct" or "Reverse" or "Trim" or "Order" && node.ArgumentList.Arguments.Count == 0) Either(node, "call", $"{access.Expression}");
        if (Filters.Contains(name.Identifier.Text) && node.ArgumentList.Arguments is [{ Expression: LambdaExpressionSyntax { ExpressionBody: { } body } }])
        {
            Condition(body, true, "filter");
            Condition(body, false, "filter");
        }
    }

    public override void VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        if (model.GetTypeInfo(node).Type is { } type && (IsException(type) || (node.ArgumentList?.Arguments is [{ Expression: var only }] && IsCollection(type) && IsNumber(only)))) return;
        base.VisitObjectCreationExpression(node);
    }

    public override void VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        if (model.GetTypeInfo(node).Type is { } type && (IsException(type) || (node.ArgumentList.Arguments is [{ Expression: var only }] && IsCollection(type) && IsNumber(only)))) return;
        base.VisitImplicitObjectCreationExpression(node);
    }

    public override void VisitWithExpression(WithExpressionSyntax node)
    {
        base.VisitWithExpression(node);
        if (node.Expression is not (IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax)) return;
        foreach (var set in node.Initializer.Expressions.OfType<AssignmentExpressionSyntax>())
            Add(set, set.Right.Span, "with", set.ToString(), "", (on, was) => $"({on} ? {node.Expression}.{set.Left} : {was})");
    }

    public override void VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (IsUnseen(node.Expression)) return;
        base.VisitExpressionStatement(node);
        var name = node.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var called } } ? called.Identifier.Text : "";
        if (name is "Dispose" or "DisposeAsync" or "TrimExcess" or "EnsureCapacity") return;
        Add(node, node.Span, "statement", node.ToString(), "", (on, was) => $"if (!{on}) {{ {was} }}");
        if (node.Expression is AssignmentExpressionSyntax { RawKind: var kind } assignment && (SyntaxKind)kind is AddAssignmentExpression or SubtractAssignmentExpression)
        {
            var other = $"{assignment.Left} {((SyntaxKind)kind == AddAssignmentExpression ? "-=" : "+=")} {assignment.Right};";
            Add(node, node.Span, "arithmetic", node.ToString(), other, (on, was) => $"if ({on}) {{ {other} }} else {{ {was} }}");
        }
    }

    public override void VisitYieldStatement(YieldStatementSyntax node)
    {
        base.VisitYieldStatement(node);
        if (node.IsKind(YieldReturnStatement)) Add(node, node.Span, "statement", node.ToString(), "", (on, was) => $"if (!{on}) {{ {was} }}");
    }

    /// <summary>The whole of a method that says yes or no.</summary>
    private void Returned(ExpressionSyntax value)
    {
        if (value is LiteralExpressionSyntax or IsPatternExpressionSyntax or BinaryExpressionSyntax or ConditionalExpressionSyntax or SwitchExpressionSyntax) return;
        if (model.GetTypeInfo(value).ConvertedType?.SpecialType != SpecialType.System_Boolean) return;
        Condition(value, true, "answer");
        Condition(value, false, "answer");
    }

    private void Condition(ExpressionSyntax node, bool always, string rule)
    {
        if (node is LiteralExpressionSyntax || node.ToString().Contains("ReferenceEquals", StringComparison.Ordinal)) return;
        Add(node, node.Span, rule, node.ToString(), always ? "true" : "false", (on, was) => always ? $"({on} || ({was}))" : $"(!{on} && ({was}))");
    }

    private void Either(ExpressionSyntax node, string rule, string other)
    {
        if (!node.ToString().Contains("ReferenceEquals", StringComparison.Ordinal)) Add(node, node.Span, rule, node.ToString(), other, (on, was) => $"({on} ? {other} : {was})");
    }

    private void Add(SyntaxNode node, TextSpan span, string rule, string before, string after, Func<string, string, string> wrap)
    {
        var key = (rule, before, after);
        var nth = _nth[key] = _nth.GetValueOrDefault(key) + 1;
        _found.Add(new Mutant(area, path, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, span, rule, Short(before), Short(after), wrap) { Nth = nth });
    }

    /// <summary>Another value for a literal; null if none would be meaningful.</summary>
    private static string? Other(ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax { RawKind: (int)TrueLiteralExpression } => "false",
        LiteralExpressionSyntax { RawKind: (int)FalseLiteralExpression } => "true",
        LiteralExpressionSyntax { Token.Value: int n } => (n + 1).ToString(CultureInfo.InvariantCulture),
        LiteralExpressionSyntax { Token.Value: long n } => (n + 1).ToString(CultureInfo.InvariantCulture) + "L",
        LiteralExpressionSyntax { Token.Value: double n } => (n + 1).ToString("0.0##############", CultureInfo.InvariantCulture),
        // A code, not a sentence.
        LiteralExpressionSyntax { Token.Value: string { Length: > 0 } s } when !s.Contains(' ', StringComparison.Ordinal) => "\"\"",
        _ => null,
    };

    private static bool IsConstantPlace(SyntaxNode node) => node.Ancestors().Any(n => n is PatternSyntax or SwitchLabelSyntax or AttributeSyntax or EnumMemberDeclarationSyntax or ParameterSyntax);

    private static bool IsException(ITypeSymbol type) => type.Name.EndsWith("Exception", StringComparison.Ordinal);

    private static bool IsCollection(ITypeSymbol type) => type.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable);

    private bool IsNumber(ExpressionSyntax value) => model.GetTypeInfo(value).Type?.SpecialType == SpecialType.System_Int32;

    private bool IsUnseen(ExpressionSyntax node) => node is InvocationExpressionSyntax call && call.Expression switch
    {
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: var of } } => Unseen.Contains(of) || of.EndsWith("Meters", StringComparison.OrdinalIgnoreCase),
        MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" or "GetHashCode" } => true,
        IdentifierNameSyntax { Identifier.Text: "nameof" or "ReferenceEquals" } => true,
        _ => false,
    };

    private static string Short(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
