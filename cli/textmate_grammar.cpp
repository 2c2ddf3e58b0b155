#include "cli/textmate_grammar.hpp"

namespace duso::cli {

const std::string_view kTextmateGrammar = R"json({
  "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
  "fileTypes": [
    "du"
  ],
  "name": "Duso",
  "patterns": [
    {
      "include": "#comments"
    },
    {
      "include": "#multiline-strings"
    },
    {
      "include": "#strings"
    },
    {
      "include": "#keywords"
    },
    {
      "include": "#builtins"
    },
    {
      "include": "#structures"
    },
    {
      "include": "#functions"
    },
    {
      "include": "#constants"
    },
    {
      "include": "#numbers"
    },
    {
      "include": "#operators"
    },
    {
      "include": "#punctuation"
    }
  ],
  "repository": {
    "builtins": {
      "patterns": [
        {
          "match": "\\b(@BUILTINS@)\\b",
          "name": "support.function.duso"
        },
        {
          "match": "\\b(@ADDED@)\\b",
          "name": "support.function.duso"
        }
      ]
    },
    "comments": {
      "patterns": [
        {
          "include": "#block-comment"
        },
        {
          "match": "//.*$",
          "name": "comment.line.duso"
        }
      ],
      "repository": {
        "block-comment": {
          "begin": "/\\*",
          "end": "\\*/",
          "name": "comment.block.duso",
          "patterns": [
            {
              "include": "#block-comment"
            }
          ]
        }
      }
    },
    "constants": {
      "patterns": [
        {
          "match": "\\b(true|false|nil)\\b",
          "name": "constant.language.duso"
        }
      ]
    },
    "functions": {
      "patterns": [
        {
          "captures": {
            "1": {
              "name": "entity.name.function.duso"
            }
          },
          "match": "(?<=\\bfunction\\s)\\s*([^\\W\\d]\\w*)",
          "name": "meta.function.duso"
        }
      ]
    },
    "identifiers": {
      "patterns": [
        {
          "match": "\\b[^\\W\\d]\\w*",
          "name": "variable.other.duso"
        }
      ]
    },
    "keywords": {
      "patterns": [
        {
          "match": "\\b(@KEYWORDS@)\\b",
          "name": "keyword.control.duso"
        }
      ]
    },
    "multiline-strings": {
      "patterns": [
        {
          "begin": "\\b(raw)\\s*(\"\"\")",
          "beginCaptures": {
            "1": {
              "name": "keyword.control.duso"
            },
            "2": {
              "name": "punctuation.bracket.multiline.begin.duso"
            }
          },
          "contentName": "string.quoted.double.duso",
          "end": "\"\"\"",
          "endCaptures": {
            "0": {
              "name": "punctuation.bracket.multiline.end.duso"
            }
          },
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            }
          ]
        },
        {
          "begin": "\\b(raw)\\s*(''')",
          "beginCaptures": {
            "1": {
              "name": "keyword.control.duso"
            },
            "2": {
              "name": "punctuation.bracket.multiline.begin.duso"
            }
          },
          "contentName": "string.quoted.single.duso",
          "end": "'''",
          "endCaptures": {
            "0": {
              "name": "punctuation.bracket.multiline.end.duso"
            }
          },
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            }
          ]
        },
        {
          "begin": "(\"\"\")",
          "beginCaptures": {
            "1": {
              "name": "punctuation.bracket.multiline.begin.duso"
            }
          },
          "contentName": "string.quoted.double.duso",
          "end": "\"\"\"",
          "endCaptures": {
            "0": {
              "name": "punctuation.bracket.multiline.end.duso"
            }
          },
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            },
            {
              "include": "#template-expression"
            }
          ]
        },
        {
          "begin": "(''')",
          "beginCaptures": {
            "1": {
              "name": "punctuation.bracket.multiline.begin.duso"
            }
          },
          "contentName": "string.quoted.single.duso",
          "end": "'''",
          "endCaptures": {
            "0": {
              "name": "punctuation.bracket.multiline.end.duso"
            }
          },
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            },
            {
              "include": "#template-expression"
            }
          ]
        }
      ]
    },
    "numbers": {
      "patterns": [
        {
          "match": "(?<!\\w)(?:\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|\\.\\d+)",
          "name": "constant.numeric.duso"
        }
      ]
    },
    "operators": {
      "patterns": [
        {
          "match": "==|!=|<=|>=|<|>|!",
          "name": "keyword.operator.comparison.duso"
        },
        {
          "match": "\\+\\+|--",
          "name": "keyword.operator.postfix.duso"
        },
        {
          "match": "[-+*/%]?=",
          "name": "keyword.operator.assignment.duso"
        },
        {
          "match": "[-+*/%]",
          "name": "keyword.operator.arithmetic.duso"
        },
        {
          "match": "[?:]",
          "name": "keyword.operator.ternary.duso"
        }
      ]
    },
    "punctuation": {
      "patterns": [
        {
          "match": "[()\\[\\]{},.]",
          "name": "punctuation.duso"
        }
      ]
    },
    "strings": {
      "patterns": [
        {
          "begin": "\\b(raw)\\s*(\")",
          "beginCaptures": {
            "1": {
              "name": "keyword.control.duso"
            },
            "2": {
              "name": "string.quoted.double.duso"
            }
          },
          "contentName": "string.quoted.double.duso",
          "end": "\"",
          "endCaptures": {
            "0": {
              "name": "string.quoted.double.duso"
            }
          },
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            }
          ]
        },
        {
          "begin": "\\b(raw)\\s*(')",
          "beginCaptures": {
            "1": {
              "name": "keyword.control.duso"
            },
            "2": {
              "name": "string.quoted.single.duso"
            }
          },
          "contentName": "string.quoted.single.duso",
          "end": "'",
          "endCaptures": {
            "0": {
              "name": "string.quoted.single.duso"
            }
          },
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            }
          ]
        },
        {
          "begin": "\"",
          "end": "\"",
          "name": "string.quoted.double.duso",
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            },
            {
              "include": "#template-expression"
            }
          ]
        },
        {
          "begin": "'",
          "end": "'",
          "name": "string.quoted.single.duso",
          "patterns": [
            {
              "match": "\\\\(?:[0-7]{1,3}|x..|(?!\\{\\{).)",
              "name": "constant.character.escape.duso"
            },
            {
              "include": "#template-expression"
            }
          ]
        },
        {
          "begin": "~",
          "end": "~",
          "name": "source.regexp.duso",
          "patterns": [
            {
              "match": "\\\\.",
              "name": "constant.character.escape.regexp.duso"
            }
          ]
        }
      ]
    },
    "structures": {
      "patterns": [
        {
          "match": "\\b[A-Z]\\w*(?=\\s*\\()",
          "name": "entity.name.function.duso"
        }
      ]
    },
    "template-expression": {
      "begin": "\\{\\{",
      "beginCaptures": {
        "0": {
          "name": "punctuation.definition.template.begin.duso"
        }
      },
      "end": "\\}\\}",
      "endCaptures": {
        "0": {
          "name": "punctuation.definition.template.end.duso"
        }
      },
      "name": "meta.template.duso",
      "patterns": [
        {
          "include": "#strings"
        },
        {
          "include": "#keywords"
        },
        {
          "include": "#builtins"
        },
        {
          "include": "#structures"
        },
        {
          "include": "#constants"
        },
        {
          "include": "#numbers"
        },
        {
          "include": "#operators"
        },
        {
          "include": "#punctuation"
        },
        {
          "include": "#identifiers"
        }
      ]
    }
  },
  "scopeName": "source.duso"
}
)json";

}  // namespace duso::cli
