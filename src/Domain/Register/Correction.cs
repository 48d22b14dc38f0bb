namespace DispatchCenter.Domain.Register;

/// <summary>
/// 更正: a household asks for one field of its own entry to be changed. It is a matter of the procedure of this code, decided by whomever that asks; what is granted is written into the register, and
/// whatever else it says is not.
/// </summary>
public static class Correction
{
    public const string Procedure = "correction";

    /// <summary>The outcome that writes it.</summary>
    public const string Granted = "granted";

    /// <summary>The fields of its opening form: whose entry and which field, for people; what it is to say, or that it is to go; and what the household says of it.</summary>
    public const string Entry = "entry", Field = "field", Value = "value", Remove = "remove", Words = "words";

    /// <summary>The field of whatever form is answered with, that says why.</summary>
    public const string Why = "why";
}
